"""`revise hub`: who teaches, who learns, and what each of them has afterwards."""

import csv
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

from revise.errors import BadRoster, NoTeacher, UnfitName
from revise.hub.accounts import read_roster
from revise.hub.place import Place, fit_name
from tests.grading import tiny


@pytest.fixture
def course(tmp_path):
    return tiny.empty_course(tmp_path / "course")


def hub(course, *arguments, typed=""):
    """Run `revise hub` as an admin does; without a terminal a password is read from what is typed."""
    return subprocess.run(
        [sys.executable, "-m", "revise.cli", "hub", *arguments],
        cwd=course, input=typed, capture_output=True, text=True, start_new_session=True, timeout=120,
    )  # fmt: skip


def roster(course, text):
    path = course / "class.csv"
    path.write_text(text)
    return path


def accounts(course):
    """Ask the hub's own authenticator who may log in with what."""
    from jupyterhub.orm import new_session_factory
    from nativeauthenticator.orm import UserInfo

    with new_session_factory(Place(course / "hub").database)() as session:
        return {one.username: one for one in UserInfo.all_users(session)}


def test_a_class_is_enrolled_by_one_command(course):
    done = hub(course, "teacher", "grace", typed="correct-horse-battery\n" * 2)
    assert done.returncode == 0, done.stderr
    people = "student_id,first_name,last_name,email\nAda,Ada,Lovelace,ada@school.example\nben,,,\n"
    done = hub(course, "enrol", str(roster(course, people)))
    assert done.returncode == 0, done.stderr
    given = {row["student_id"]: row["password"] for row in csv.DictReader(done.stdout.splitlines())}
    assert sorted(given) == ["ada", "ben"]
    known = accounts(course)
    assert sorted(known) == ["ada", "ben", "grace"]
    assert all(known[name].is_valid_password(given[name]) for name in given)
    assert known["grace"].is_valid_password("correct-horse-battery")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "backend-revise") as gradebook:
        assert gradebook.find_student("ada").last_name == "Lovelace"
        assert len(gradebook.students) == 2

    again = hub(course, "enrol", str(roster(course, people + "cleo,,,\n")))
    assert [row["student_id"] for row in csv.DictReader(again.stdout.splitlines())] == ["cleo"]
    assert accounts(course)["ada"].is_valid_password(given["ada"])


def test_a_forgotten_password_is_made_anew(course):
    hub(course, "teacher", "grace", typed="correct-horse-battery\n" * 2)
    hub(course, "enrol", str(roster(course, "student_id\nada\n")))
    new = hub(course, "password", "ada").stdout.strip()
    assert accounts(course)["ada"].is_valid_password(new)


def test_the_hubs_folder_is_its_owners_alone(course):
    hub(course, "teacher", "grace", typed="correct-horse-battery\n" * 2)
    assert (course / "hub").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\nada\n", "no column student_id"),
        ("student_id\n", "no line below it"),
        ("student_id\nada\nben\nADA\n", "names ada twice"),
    ],
)
def test_a_roster_that_cannot_be_taken_is_told_why(course, text, words):
    with pytest.raises(BadRoster, match=words):
        read_roster(roster(course, text))


def test_nobody_is_enrolled_where_nobody_teaches(course):
    done = hub(course, "enrol", str(roster(course, "student_id\nada\n")))
    assert done.returncode == 2
    assert "nobody teaches" in done.stderr
    with pytest.raises(NoTeacher):
        Place(course / "hub").teachers()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a+b", "7up", "ada lovelace", "é", "a" * 33])
def test_a_name_that_folders_or_nbgrader_cannot_have_is_refused(name):
    with pytest.raises(UnfitName, match="cannot be a name"):
        fit_name(name)
