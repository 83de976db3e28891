"""Who has which book, and who waits for one."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class LoanQuerySet(models.QuerySet):
    def open(self):
        """The loans whose book is still out."""
        return self.filter(returned_on=None)

    def overdue(self, today):
        """The open loans whose last day has passed."""
        return self.open().filter(due_on__lt=today)


class Loan(models.Model):
    PERIOD = timedelta(days=21)
    FINE_A_DAY = Decimal("0.20")
    LARGEST_FINE = Decimal("5.00")

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="loans")
    book = models.ForeignKey("catalog.Book", on_delete=models.PROTECT, related_name="loans")
    lent_on = models.DateField()
    due_on = models.DateField()
    returned_on = models.DateField(null=True, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "book"],
                condition=Q(returned_on=None),
                name="one_open_loan_of_a_book",
            ),
            models.CheckConstraint(
                condition=Q(returned_on__gte=F("lent_on")), name="returned_after_lent"
            ),
        ]

    def __str__(self):
        return f"loan {self.pk}"

    def save(self, *args, **kwargs):
        if self.due_on is None:
            self.due_on = self.lent_on + self.PERIOD
        super().save(*args, **kwargs)

    def days_late(self, today):
        """How many days after its last day the book came back, or is out today."""
        return max(((self.returned_on or today) - self.due_on).days, 0)

    def fine(self, today):
        """What the member owes for it."""
        return min(self.days_late(today) * self.FINE_A_DAY, self.LARGEST_FINE)


class Reservation(models.Model):
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="reservations"
    )
    book = models.ForeignKey("catalog.Book", on_delete=models.CASCADE, related_name="reservations")
    made_on = models.DateField()

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "book"], name="one_reservation_of_a_book"),
        ]

    def __str__(self):
        return f"reservation {self.pk}"
