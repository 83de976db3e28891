"""Notebooks made of whole exercises of several sections: an exam, the exercises due today.

The cells keep their ids. So answers, checks, marks and progress mean the same in them as in the
section that the exercises come from.
"""
