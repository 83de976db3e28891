"""A short digest of a cell's text: by it an edit is noticed, in a built notebook and in a check."""

import hashlib


def digest(kind: str, source: str) -> str:
    """Return the digest of a cell of ``kind`` (``code``, ``markdown``); its outputs do not count."""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:12]
