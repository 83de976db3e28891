"""Who borrows: a member is a user with a library card."""

from django.conf import settings
from django.db import models


class Member(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member"
    )
    card_number = models.CharField(max_length=8, unique=True)
    joined = models.DateField()

    class Meta:
        ordering = ["card_number"]

    def __str__(self):
        return f"{self.user.get_username()} ({self.card_number})"
