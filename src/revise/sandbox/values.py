"""The plain data of a value: what crosses from the project's process to the notebook, as JSON."""

import itertools
import json
from collections import deque
from collections.abc import ItemsView, KeysView, Mapping, ValuesView
from types import GeneratorType

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

SEQUENCES = (
    *(list, tuple, deque, range, QuerySet, RawQuerySet, KeysView, ValuesView, ItemsView),
    *(GeneratorType, map, filter, zip, itertools.chain, itertools.islice),
)
ATOMS = (str, int, float, bool, type(None))


class _Encoder(DjangoJSONEncoder):
    def default(self, value):
        try:
            return super().default(value)
        except TypeError:
            return str(value)


def plain(value):
    """Return ``value`` as lists, dicts and what Django's JSON encoder writes.

    A model instance comes as its ``str()``, a set sorted (where it can be), a QuerySet as the list
    of what its items give; anything that is no data comes as its ``str()``.
    """
    return json.loads(json.dumps(_simple(value), cls=_Encoder))


def _simple(value):
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key): _simple(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return _ordered([_simple(item) for item in value])
    if isinstance(value, SEQUENCES):
        return [_simple(item) for item in value]
    return value


def _key(key):
    return key if isinstance(key, ATOMS) else str(key)


def _ordered(items):
    try:
        return sorted(items)
    except TypeError:
        return sorted(items, key=str)
