"""Errors cross processes."""

import inspect
import pickle

import pytest

from revise import errors

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_survives_pickling_and_is_ours(error):
    copy = pickle.loads(pickle.dumps(error("what, why, what to do")))
    assert type(copy) is error
    assert str(copy) == "what, why, what to do"
    assert isinstance(copy, errors.ReviseError)
