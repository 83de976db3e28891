"""Checking, grading and feedback. A notebook never imports from here."""
