"""See the package."""


class DaphneProcess:
    """A server for browser tests. Install `channels[daphne]`, and delete this folder, to have one."""
