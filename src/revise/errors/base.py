"""The base of every error."""


class ReviseError(Exception):
    """The base of all errors of the course: catch it to catch them all."""
