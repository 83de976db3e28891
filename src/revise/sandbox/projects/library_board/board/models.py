"""How often books were looked at, and which batches of looks are in that number."""

from django.db import models


class BookViews(models.Model):
    book = models.OneToOneField("catalog.Book", on_delete=models.CASCADE, related_name="views")
    total = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.total} views of {self.book}"


class Flushed(models.Model):
    """A batch that was added to the totals."""

    batch = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.batch
