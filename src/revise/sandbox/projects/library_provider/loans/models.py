"""Who has which book: a loan, open until the book comes back."""

from django.db import models


class Loan(models.Model):
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="loans")
    book = models.ForeignKey("catalog.Book", on_delete=models.PROTECT, related_name="loans")
    lent_on = models.DateField()
    returned_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"loan {self.pk}"
