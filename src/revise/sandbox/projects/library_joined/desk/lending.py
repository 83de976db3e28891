"""Lending a book and taking it back: the library's rules, and nothing of HTTP."""

from django.db import transaction
from loans.models import Loan


class Refused(Exception):
    """The library does not do this; the text says why."""


@transaction.atomic
def lend(member, book, today):
    """Lend a copy of the book to the member. Raises Refused."""
    if book.loans.open().count() >= book.copies:
        raise Refused("Every copy is out.")
    if member.loans.open().filter(book=book).exists():
        raise Refused("The member has this book already.")
    return Loan.objects.create(member=member, book=book, lent_on=today, due_on=today + Loan.PERIOD)


def take_back(loan, today):
    """Take the book back. Raises Refused."""
    if loan.returned_on is not None:
        raise Refused("The book is back already.")
    loan.returned_on = today
    loan.save()
