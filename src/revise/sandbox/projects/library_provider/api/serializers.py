"""How the library's data looks to other programs."""

from loans.models import Loan
from rest_framework import serializers


class LoanSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="book.title", read_only=True)

    class Meta:
        model = Loan
        fields = ["id", "title", "lent_on"]
