"""One nursery for all tests of the package: a world for each submission is what it is for."""

from collections.abc import Iterator

import pytest

from revise.grading.isolation.nursery import Nursery


@pytest.fixture(scope="package")
def nursery() -> Iterator[Nursery]:
    """A running nursery."""
    with Nursery() as one:
        yield one
