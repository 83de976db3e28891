"""Bring a learner's copies up to date: the newer edition, with the learner's answers in it."""
