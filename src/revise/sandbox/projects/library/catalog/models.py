"""What the library owns: authors and their books."""

from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    isbn = models.CharField("ISBN", max_length=13, unique=True)
    published = models.PositiveSmallIntegerField("year of publication")
    copies = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title
