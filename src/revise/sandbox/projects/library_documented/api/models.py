"""What the API keeps itself: keys of cards, and reservations."""

from django.db import models


class CardKey(models.Model):
    """What a member's programs show instead of a password."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="key")
    key = models.CharField(max_length=40, unique=True)

    def __str__(self):
        return f"key of {self.member}"


class Reservation(models.Model):
    """A copy that waits for a member at a branch."""

    class Branch(models.TextChoices):
        CENTRAL = "central", "Central library"
        HARBOUR = "harbour", "Harbour"

    book = models.ForeignKey("catalog.Book", on_delete=models.CASCADE, related_name="reservations")
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="reservations"
    )
    branch = models.CharField(max_length=10, choices=Branch)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.book} for {self.member}"
