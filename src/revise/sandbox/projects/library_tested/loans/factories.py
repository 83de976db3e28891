"""Made-up rows for tests: say what matters, the rest is filled in."""

from datetime import date, timedelta

import factory
from catalog.models import Author, Book
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory
from members.models import Member

from loans.models import Loan, Reservation


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"reader{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@library.example")


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    user = factory.SubFactory(UserFactory)
    card_number = factory.Sequence(lambda n: f"T{n:07}")
    joined = date(2026, 1, 5)


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Author {n}")


class BookFactory(DjangoModelFactory):
    class Meta:
        model = Book

    title = factory.Sequence(lambda n: f"Book {n}")
    author = factory.SubFactory(AuthorFactory)
    isbn = factory.Sequence(lambda n: f"{9_780_000_000_000 + n}")
    published = 1968


class LoanFactory(DjangoModelFactory):
    class Meta:
        model = Loan

    member = factory.SubFactory(MemberFactory)
    book = factory.SubFactory(BookFactory)
    lent_on = date(2026, 3, 2)
    due_on = factory.LazyAttribute(lambda loan: loan.lent_on + timedelta(days=21))

    class Params:
        returned = factory.Trait(
            returned_on=factory.LazyAttribute(lambda loan: loan.lent_on + timedelta(days=7))
        )


class ReservationFactory(DjangoModelFactory):
    class Meta:
        model = Reservation

    member = factory.SubFactory(MemberFactory)
    book = factory.SubFactory(BookFactory)
    made_on = date(2026, 3, 2)
