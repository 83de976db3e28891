"""People on a hub: their accounts, their places in the course, their lines in the gradebook."""

import csv
import secrets
from dataclasses import dataclass
from pathlib import Path

from revise.course import Course
from revise.errors import BadRoster
from revise.hub.place import Place, fit_name

COLUMNS = ("student_id", "first_name", "last_name", "email")
"""Those of ngshare's and of nbgrader's own rosters; only the first must be there."""
PASSWORD_BYTES = 9  # twelve characters that can be typed


@dataclass(frozen=True)
class Learner:
    """One line of a roster."""

    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def read_roster(path: Path) -> list[Learner]:
    """Return the learners of a CSV file with a column ``student_id``, and others by ``COLUMNS``.

    Raises ``BadRoster`` with the line, and ``UnfitName``; nobody is enrolled then.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRoster.at(path, f"it cannot be read ({type(error).__name__})") from None
    if not rows or COLUMNS[0] not in rows[0]:
        raise BadRoster.at(path, f"it has no column {COLUMNS[0]}, or no line below it")
    learners = [
        Learner(fit_name(row[COLUMNS[0]] or ""), *((row.get(name) or "").strip() for name in COLUMNS[1:]))
        for row in rows
    ]  # fmt: skip
    twice = {one.name for one in learners if sum(one.name == two.name for two in learners) > 1}
    if twice:
        raise BadRoster.at(path, f"it names {', '.join(sorted(twice))} twice")
    return learners


def set_password(
    place: Place, name: str, password: str | None = None, *, keep: bool = False
) -> str | None:
    """Give ``name`` an account on the hub with ``password``, or with one that is made up; return it.

    With ``keep`` an account that exists keeps its own, and None is returned.
    """  # fmt: skip
    import bcrypt
    from jupyterhub.orm import new_session_factory
    from nativeauthenticator.orm import UserInfo

    place.make()
    password = password or secrets.token_urlsafe(PASSWORD_BYTES)
    with new_session_factory(place.database)() as session:
        UserInfo.__table__.create(session.get_bind(), checkfirst=True)
        account = UserInfo.find(session, name)
        if account and keep:
            return None
        if account is None:
            account = UserInfo(username=name, password=b"")
            session.add(account)
        account.password = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
        account.is_authorized = True
        session.commit()
    return password


def enrol(course: Course, place: Place, learners: list[Learner]) -> dict[str, str]:
    """Give everybody of ``learners`` an account, a place in the course and a line in the gradebook.

    Returns the passwords of the new accounts, by name. Run again with a longer roster, it adds who is new.
    """
    _join_exchange(course, place, learners)
    _join_gradebook(course, learners)
    given = {one.name: set_password(place, one.name, keep=True) for one in learners}
    return {name: password for name, password in given.items() if password}


def course_id(course: Course) -> str:
    """Return nbgrader's id of a course, from its settings."""
    from traitlets.config import PyFileConfigLoader

    settings = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    return settings.CourseDirectory.course_id


def _join_exchange(course: Course, place: Place, learners: list[Learner]) -> None:
    from ngshare.database import Course as SharedCourse
    from ngshare.database import StudentAssociation, User

    from revise.hub import exchange

    teachers, id = place.teachers(), course_id(course)
    with exchange.database(place.exchange)() as session:
        exchange.enrol(session, id, teachers)
        shared = session.query(SharedCourse).filter_by(id=id).one()
        for one in learners:
            if one.name in teachers:
                raise BadRoster.at("the roster", f"{one.name} teaches the course")
            user = session.get(User, one.name) or User(one.name)
            session.add(user)
            if user not in shared.students:
                shared.students.append(user)
            session.flush()
            about = StudentAssociation.find(session, user, shared)
            about.first_name, about.last_name = one.first_name, one.last_name
            about.email = one.email
        session.commit()


def _join_gradebook(course: Course, learners: list[Learner]) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course_id(course)) as gradebook:
        for one in learners:
            gradebook.update_or_create_student(
                one.name, first_name=one.first_name, last_name=one.last_name, email=one.email
            )
