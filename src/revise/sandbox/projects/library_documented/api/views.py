"""What answers under /api/."""

from catalog.models import Book
from django.shortcuts import get_object_or_404
from rest_framework import generics, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Reservation
from .serializers import BookSerializer, ReservationRequestSerializer, ReservationSerializer


class BookList(generics.ListAPIView):
    serializer_class = BookSerializer

    def get_queryset(self):
        books = Book.objects.select_related("author")
        if since := self.request.query_params.get("since"):
            books = books.filter(published__gte=since)
        return books


class BookDetail(generics.RetrieveAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = BookSerializer
    lookup_field = "isbn"


class Availability(APIView):
    def get(self, request, isbn):
        book = get_object_or_404(Book, isbn=isbn)
        return Response({"isbn": isbn, "free": book.copies - book.reservations.count()})


class Reservations(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        mine = Reservation.objects.filter(member__user=request.user).select_related("book")
        return Response(ReservationSerializer(mine, many=True).data)

    def post(self, request):
        wanted = ReservationRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        book = wanted.validated_data["isbn"]
        if book.reservations.count() >= book.copies:
            return Response({"detail": "No copy is free."}, status=status.HTTP_409_CONFLICT)
        made = Reservation.objects.create(
            book=book, member=request.user.member, branch=wanted.validated_data["branch"]
        )
        return Response(ReservationSerializer(made).data, status=status.HTTP_201_CREATED)
