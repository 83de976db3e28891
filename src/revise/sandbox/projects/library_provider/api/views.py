"""What answers under /api/: a token says which user, and what the application may do for them."""

from catalog.models import Book
from django.db.models import Count
from loans.models import Loan
from oauth2_provider.contrib.rest_framework import TokenHasScope
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .serializers import LoanSerializer


class LoanList(generics.ListAPIView):
    """What the user has on loan."""

    permission_classes = [IsAuthenticated, TokenHasScope]
    required_scopes = ["loans:read"]
    serializer_class = LoanSerializer

    def get_queryset(self):
        open_loans = Loan.objects.filter(returned_on=None).select_related("book")
        return open_loans.filter(member__user=self.request.user).order_by("id")


class Report(APIView):
    """How often each book was lent; for programs, so no user is asked for."""

    permission_classes = [TokenHasScope]
    required_scopes = ["reports:read"]

    def get(self, request):
        books = Book.objects.annotate(times=Count("loans")).filter(times__gt=0).order_by("title")
        return Response({book.title: book.times for book in books})
