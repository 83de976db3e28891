"""A learner's process, forked once for all cases of one module's answer."""

import pytest

from .learners import learner


@pytest.fixture(scope="module")
def answered(request):
    """The names that the module's ``ANSWER`` defines, each plain data or a stand-in."""
    with learner(request.module.ANSWER) as one:
        yield one
