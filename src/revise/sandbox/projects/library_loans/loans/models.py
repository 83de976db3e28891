"""Who has which book: a loan, open until the book comes back; and answers kept for clients that ask again."""

from django.db import models


class Loan(models.Model):
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="loans")
    book = models.ForeignKey("catalog.Book", on_delete=models.PROTECT, related_name="loans")
    lent_on = models.DateField()
    returned_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"loan {self.pk}"


class KeptAnswer(models.Model):
    """An answer that was given to a request with this key, for the day when it is sent again."""

    key = models.CharField(max_length=100, unique=True)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()

    def __str__(self):
        return self.key
