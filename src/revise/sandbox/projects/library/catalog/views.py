"""The pages of the catalogue."""

from django.shortcuts import get_object_or_404, render

from .models import Book


def home(request):
    return render(request, "catalog/home.html", {"book_count": Book.objects.count()})


def book_list(request):
    books = Book.objects.select_related("author")
    return render(request, "catalog/book_list.html", {"books": books})


def book_detail(request, pk):
    book = get_object_or_404(Book, pk=pk)
    return render(request, "catalog/book_detail.html", {"book": book})
