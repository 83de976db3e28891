#!/usr/bin/env python
"""Django's command-line utility for administrative tasks; and `trial`, see library/trial.py."""

import os
import sys


def main():
    """Run administrative tasks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")
    if sys.argv[1:2] == ["trial"]:  # before Django is set up: models too may differ
        from library.trial import main as trial

        trial(sys.argv[2])
        return

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
