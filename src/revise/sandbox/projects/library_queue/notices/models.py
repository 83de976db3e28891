"""What the library writes to its members."""

from django.db import models


class Notice(models.Model):
    """A message to a member: sent when the mail room has taken it, failed when it never will."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return f"notice {self.pk}"
