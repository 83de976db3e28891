"""Intake: take the answers out of whatever a learner sent.

Every submission gets a result, so nothing here raises for what a learner did: a file that is no
notebook has no answers, and a reason that says so. ``read`` is all that others need.
"""

from revise.grading.intake.submission import Taken, read

__all__ = ["Taken", "read"]
