"""How a loan looks to other programs."""

from loans.models import Loan
from rest_framework import serializers


class LoanIn(serializers.Serializer):
    isbn = serializers.RegexField(r"^\d{13}$")


class LoanOut(serializers.ModelSerializer):
    isbn = serializers.CharField(source="book.isbn")
    title = serializers.CharField(source="book.title")
    due_on = serializers.DateField()

    class Meta:
        model = Loan
        fields = ["id", "isbn", "title", "due_on"]
