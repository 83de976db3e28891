"""Every test of this folder has a record of attempts of its own."""

import pytest

from revise.progress import attempts
from tests.composition.conftest import built_pair, pair  # noqa: F401  (fixtures)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder that this test's attempts are kept in; it does not exist yet."""
    place = tmp_path / "data"
    monkeypatch.setenv(attempts.FOLDER, str(place))
    return place
