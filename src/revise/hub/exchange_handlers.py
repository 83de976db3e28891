"""What of ngshare's is replaced, and why.

- *Who asks.* ngshare takes any token that the hub knows. A teacher who opens a learner's server
  leaves it such a token, with which that learner would be the teacher here. So a token must have
  been given for this exchange, as JupyterHub's own services ask for it.
- *What a submission is made of.* One name that the teacher's disk refuses would end the collecting
  of a whole class. Such a submission is refused, while its learner can still mend it.
- *Withdrawing a release* deleted every submission to it, and releasing an assignment anew begins
  with withdrawing it. Submissions and feedback are kept.
- *What is stored.* ngshare is of SQLAlchemy 1's time, which stored a new release or submission since it
  belongs to something stored; SQLAlchemy 2 wants it added. A time in a query must be one, not text.
- *How.* By the header that nbgrader's side sends, never by a cookie: no page that a teacher looks at
  can ask in the teacher's name.
"""

import json
import re
from pathlib import PurePosixPath

from jupyterhub.services.auth import HubAuth
from ngshare.database import Assignment, Submission
from ngshare.ngshare import (
    DownloadReleaseAssignment,
    ListAssignments,
    MyRequestHandler,
    SubmitAssignment,
)
from tornado.web import Application

LONGEST_NAME = 200
"""Bytes of one name in a path; file systems have 255, and nbgrader adds to some."""
LONGEST_PATH = 1000
MOST_FILES = 200
TIMESTAMP = "timestamp.txt"
"""nbgrader's own file in a collected submission."""


class Identified(MyRequestHandler):
    """Asks the hub who it is, and whether the token was given for this exchange."""

    def get_current_token(self):
        return HubAuth.instance().get_token(self, in_cookie=False)

    def user_for_token(self, token):
        auth = HubAuth.instance()
        user = auth.user_for_token(token)
        if user and user.get("kind") == "user" and auth.check_scopes(auth.access_scopes, user):
            return user
        return None

    def find_student_submission(self, assignment, student, timestamp):
        when = self.strptime(timestamp) if isinstance(timestamp, str) else timestamp
        return super().find_student_submission(assignment, student, when)

    def prepare(self):
        super().prepare()
        if self.user is None:
            self.json_error(403, "Not logged in, or not with a token for the exchange")


class Kept(DownloadReleaseAssignment):
    """A release that can be withdrawn and made anew, with its submissions."""

    def delete(self, course_id, assignment_id):
        """Withdraw a release; what was handed in to it stays (instructors only)."""
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        assignment = self.find_assignment(course, assignment_id)
        if not assignment.submissions:
            assignment.delete(self.db)
        else:
            self._withdraw(assignment)
        self.db.commit()
        self.json_success()

    def post(self, course_id, assignment_id):
        """Release an assignment, or anew one that was withdrawn (instructors only)."""
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        assignment = self.db.query(Assignment).filter_by(id=assignment_id, course=course).first()
        if assignment is None:
            assignment = Assignment(assignment_id, course)
            self.db.add(assignment)
        elif assignment.files:
            self.json_error(409, "Assignment already exists")
        self.json_files_unpack(self.get_argument("files", None), assignment.files)
        self.db.commit()
        self.json_success()

    def _withdraw(self, assignment) -> None:
        for file in list(assignment.files):
            assignment.files.remove(file)
            file.delete(self.db)


class Released(ListAssignments):
    """Lists what is released, without what was withdrawn."""

    def get(self, course_id):
        course = self.find_course(course_id)
        self.check_course_user(course)
        released = [one.id for one in course.assignments if one.files]
        self.json_success(assignments=released)


class Collectable(SubmitAssignment):
    """Takes a submission that can be written to any disk."""

    def post(self, course_id, assignment_id):
        """Submit an assignment, whole or not at all."""
        course = self.find_course(course_id)
        self.check_course_user(course)
        assignment = self.find_assignment(course, assignment_id)
        files = self.get_body_argument("files", "")
        if problem := refusal(files):
            self.json_error(400, problem)
        submission = Submission(self.user, assignment)
        self.db.add(submission)
        self.json_files_unpack(files, submission.files)
        self.db.commit()
        self.json_success(timestamp=self.strftime(submission.timestamp))


def refusal(files: str) -> str | None:
    """Return why the files of a submission, as they were sent, cannot be collected; None where they can."""
    try:
        sent = json.loads(files)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or not all(_is_file(one) for one in sent):
        return "the files are not a list of paths and contents"
    paths = [one["path"] for one in sent]
    if len(paths) > MOST_FILES:
        return f"{len(paths)} files; {MOST_FILES} is the most. Remove what is no answer"
    taken = {PurePosixPath(path) for path in paths}
    folders = {parent for path in taken for parent in path.parents}
    if len(taken) != len(paths) or taken & folders or PurePosixPath(TIMESTAMP) in folders:
        return "two files cannot have one name"
    bad = next((path for path in paths if not is_plain(path)), None)
    return f"{bad!r} cannot be the name of a submitted file: rename it" if bad is not None else None


def _is_file(sent) -> bool:
    return isinstance(sent, dict) and all(
        isinstance(sent.get(key), str) for key in ("path", "content")
    )


def is_plain(path: str) -> bool:
    """Say whether a path leads down from where it starts, by names that every disk takes."""
    names = path.split("/")
    return len(path.encode(errors="replace")) <= LONGEST_PATH and all(
        name not in ("", ".", "..")
        and len(name.encode(errors="replace")) <= LONGEST_NAME
        and not re.search(r"[\x00-\x1f\x7f\\\ud800-\udfff]", name)
        for name in names
    )


REPLACED = {
    DownloadReleaseAssignment: Kept,
    ListAssignments: Released,
    SubmitAssignment: Collectable,
}


def install(application: Application) -> None:
    """Let ``application``, an ngshare, answer with these handlers.

    Every handler identifies its user by what Identified does: ngshare's own are completed, since each
    route has a class of its own.
    """
    for rule in application.wildcard_router.rules:
        known = rule.target
        if isinstance(known, type) and issubclass(known, MyRequestHandler):
            base = REPLACED.get(known, known)
            rule.target = type(known.__name__, (Identified, base), {})
