"""``%load_ext revise``: how a notebook of the course shows things.

It registers how responses and QuerySets look, rewrites plain asserts as pytest does, shows a
failing check in a few lines, and marks checks that a person runs. Loading twice is loading once; ``%unload_ext revise`` puts back what
was there. Neither imports Django or requests: both may be absent from a notebook that is about
something else. Nothing is written to stderr, where a line would cost a graded cell its marks.
"""

from dataclasses import dataclass, field
from importlib import import_module
from weakref import WeakKeyDictionary

import ipytest

from revise.progress.instant import InstantMarks
from revise.progress.magic import MapMagic
from revise.sandbox.display.failure import SHOWN

DISPLAYS = "revise.sandbox.display"
# By name: IPython looks up the class when an object of it is shown, so nothing is imported here.
BUNDLES = {
    ("requests.models", "Response"): "response.response_bundle",
    ("django.db.models.query", "QuerySet"): "queryset.queryset_bundle",
}


@dataclass
class _Before:
    """What stood in a shell before the extension was loaded, and what stands there since."""

    custom: tuple
    rewrites: bool
    marks: InstantMarks
    formatters: dict = field(default_factory=dict)


_loaded = WeakKeyDictionary()


def load_ipython_extension(shell):
    """Set up ``shell``; a shell that is set up already is left alone."""
    if shell in _loaded:
        _loaded[shell].marks.forget()
        return
    before = _Before(
        custom=(shell.custom_exceptions, shell.CustomTB),
        # Without arguments it changes nothing and tells what is set.
        rewrites=ipytest.config(coverage=False)["rewrite_asserts"],
        marks=InstantMarks(shell),
    )
    # coverage is given because ipytest's default for it (0.14.2) counts as true and asks for pytest-cov.
    ipytest.config(rewrite_asserts=True, coverage=False)
    shell.set_custom_exc(SHOWN, before.marks.show_failure)
    before.marks.watch()
    shell.register_magic_function(MapMagic(before.marks).show, "line", MapMagic.name)
    for (module, name), bundle in BUNDLES.items():
        formatter = shell.display_formatter.mimebundle_formatter
        before.formatters[module, name] = formatter.for_type_by_name(module, name, _lazy(bundle))
    _loaded[shell] = before


def unload_ipython_extension(shell):
    """Put back what stood in ``shell`` before; a shell that was not set up is left alone."""
    before = _loaded.pop(shell, None)
    if before is None:
        return
    before.marks.unwatch()
    shell.magics_manager.magics["line"].pop(MapMagic.name, None)
    ipytest.config(rewrite_asserts=before.rewrites, coverage=False)
    shell.custom_exceptions, shell.CustomTB = before.custom
    for (module, name), earlier in before.formatters.items():
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.pop(f"{module}.{name}", None)
        if earlier is not None:
            formatter.for_type_by_name(module, name, earlier)


def _lazy(bundle):
    """Return a formatter that imports its function when the first object is shown."""
    module, name = bundle.split(".")

    def show(thing):
        make = getattr(import_module(f"{DISPLAYS}.{module}"), name)
        try:
            return make(thing)
        except Exception as error:
            # IPython takes this one as "no bundle" and falls back to repr(). So an error of the
            # learner's (a missing table, the ORM refused in a kernel) is raised once, by Django's
            # own repr, without our frames; and an object we cannot show still shows itself.
            raise NotImplementedError from error

    return show
