"""The formgrader's pages for a large class."""
