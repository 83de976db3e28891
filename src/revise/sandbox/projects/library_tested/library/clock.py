"""What day it is: the only place where the library asks."""

from django.utils import timezone


def today():
    """Return the date of today in the library's time zone."""
    return timezone.localdate()
