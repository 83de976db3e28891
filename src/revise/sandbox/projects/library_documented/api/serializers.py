"""How the library's data looks to other programs."""

from catalog.models import Book
from rest_framework import serializers

from .models import Reservation


class BookSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.name")

    class Meta:
        model = Book
        fields = ["isbn", "title", "author", "published", "copies"]


class AvailabilitySerializer(serializers.Serializer):
    isbn = serializers.CharField()
    free = serializers.IntegerField(min_value=0)


class ReservationRequestSerializer(serializers.Serializer):
    isbn = serializers.SlugRelatedField("isbn", queryset=Book.objects.all())
    branch = serializers.ChoiceField(Reservation.Branch.choices)


class ReservationSerializer(serializers.ModelSerializer):
    isbn = serializers.CharField(source="book.isbn")
    title = serializers.CharField(source="book.title")

    class Meta:
        model = Reservation
        fields = ["id", "isbn", "title", "branch"]


class ProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()
