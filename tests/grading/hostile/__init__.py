"""Hostile, careless and honest submissions, each as data, and what must come of it."""
