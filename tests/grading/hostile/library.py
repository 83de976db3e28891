"""All attacks, by kind."""

from . import escaping, exhausting, forging, honest, poisoning, projects, reading, wire

KINDS = (forging, wire, projects, reading, escaping, exhausting, poisoning, honest)
LIBRARY = tuple(attack for kind in KINDS for attack in kind.ATTACKS)
