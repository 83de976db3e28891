"""What of the formgrader's pages is the course's own: templates that stand before nbgrader's."""

from pathlib import Path

import nbgrader

# Each folder in it has the name of an nbconvert template, as in nbgrader's.
TEMPLATES = Path(__file__).parent
NBGRADERS = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
