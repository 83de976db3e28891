"""What answers under /api/."""

from catalog.models import Book
from desk.lending import Refused, lend, take_back
from django.shortcuts import get_object_or_404
from library.clock import today
from loans.models import Loan
from rest_framework.authentication import TokenAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from .serializers import LoanIn, LoanOut


class HasCard(BasePermission):
    message = "Only who has a library card."

    def has_permission(self, request, view):
        return request.user.is_authenticated and hasattr(request.user, "member")


class MemberView(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [HasCard]
    parser_classes = [JSONParser]


class Loans(MemberView):
    def get(self, request):
        mine = request.user.member.loans.open().select_related("book")
        return Response(LoanOut(mine, many=True).data)

    def post(self, request):
        given = LoanIn(data=request.data)
        given.is_valid(raise_exception=True)
        book = get_object_or_404(Book, isbn=given.validated_data["isbn"])
        try:
            loan = lend(request.user.member, book, today())
        except Refused as error:
            return Response({"detail": str(error)}, status=409)
        return Response(LoanOut(loan).data, status=201)


class Return(MemberView):
    def post(self, request, pk):
        loan = get_object_or_404(Loan, pk=pk, member=request.user.member)
        try:
            take_back(loan, today())
        except Refused as error:
            return Response({"detail": str(error)}, status=409)
        return Response(status=204)
