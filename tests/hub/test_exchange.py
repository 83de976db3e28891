"""The exchange of a hub: ngshare's own application, with what is replaced in it, over HTTP."""

import asyncio
import base64
import json
import threading

import pytest
import requests
from jupyterhub.services.auth import HubAuth
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from revise.hub import exchange
from revise.hub.exchange_handlers import refusal

COURSE, ASSIGNMENT = "backend-revise", "02_django"
SCOPE = "access:services!service=ngshare"
NOTEBOOK = "02_django.ipynb"


class Exchange:
    """An exchange that runs, asked as nbgrader's side of it asks."""

    def __init__(self, address):
        self.address = address

    def ask(self, who, method, path, token=None, **data):
        headers = {"Authorization": f"token {token or who}"}
        url = f"{self.address}/services/ngshare/{path}"
        answer = requests.request(method, url, headers=headers, data=data, timeout=10)
        return answer.status_code, answer.json()

    def send(self, who, path, *files):
        sent = [{"path": name, "content": encoded(text)} for name, text in files]
        return self.ask(who, "POST", path, files=json.dumps(sent))


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """An exchange with a teacher, and with Ada and Ben in the course; the hub's answers are made up."""
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/services/ngshare/")
    monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:9/hub/api")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "the exchange's own")
    monkeypatch.setenv("JUPYTERHUB_CLIENT_ID", "service-ngshare")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_NAME", "ngshare")

    def identify(self, token, *_, **__):
        name, _, scope = token.partition(" for ")
        known = {"kind": "user", "name": name, "scopes": [scope or SCOPE]}
        return known if name in ("teacher", "ada", "ben", "eve") else None

    monkeypatch.setattr(HubAuth, "user_for_token", identify)
    monkeypatch.setattr(HubAuth, "_instance", None)
    application = exchange.make(tmp_path / "exchange", COURSE, ["teacher"])
    loop = asyncio.new_event_loop()
    (socket,) = bind_sockets(0, "127.0.0.1")

    async def serve():
        HTTPServer(application).add_sockets([socket])

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    shared = Exchange(f"http://127.0.0.1:{socket.getsockname()[1]}")
    for name in ("ada", "ben"):
        answer = shared.ask(
            "teacher", "POST", f"student/{COURSE}/{name}", first_name="", last_name="", email=""
        )
        assert answer == (200, {"success": True})
    yield shared
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    socket.close()


@pytest.fixture
def released(shared):
    assert (
        shared.send("teacher", f"assignment/{COURSE}/{ASSIGNMENT}", (NOTEBOOK, "blank"))[0] == 200
    )
    return shared


def test_a_submission_goes_to_the_teacher_and_feedback_comes_back(released):
    submission = f"submission/{COURSE}/{ASSIGNMENT}"
    status, submitted = released.send("ada", submission, (NOTEBOOK, "answered"))
    assert status == 200
    status, seen = released.ask("teacher", "GET", f"{submission}/ada")
    assert [base64.b64decode(file["content"]) for file in seen["files"]] == [b"answered"]
    feedback = f"feedback/{COURSE}/{ASSIGNMENT}/ada"
    page = json.dumps([{"path": "02_django.html", "content": encoded("well done")}])
    when = submitted["timestamp"]
    assert released.ask("teacher", "POST", feedback, files=page, timestamp=when)[0] == 200
    status, fetched = released.ask("ada", "GET", f"{feedback}?timestamp={when}")
    assert [base64.b64decode(file["content"]) for file in fetched["files"]] == [b"well done"]


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("ben", "GET", f"submission/{COURSE}/{ASSIGNMENT}/ada"),
        ("ben", "GET", f"submissions/{COURSE}/{ASSIGNMENT}"),
        ("ben", "GET", f"feedback/{COURSE}/{ASSIGNMENT}/ada?timestamp=2026-11-30 10:00:00.000000"),
        ("ben", "POST", f"feedback/{COURSE}/{ASSIGNMENT}/ben"),
        ("ben", "DELETE", f"assignment/{COURSE}/{ASSIGNMENT}"),
        ("ben", "POST", f"instructor/{COURSE}/ben"),
        ("ben", "GET", f"students/{COURSE}"),
        ("ben", "DELETE", f"course/{COURSE}"),
        ("ben", "GET", "initialize-Data6ase?action=dump"),
        ("eve", "GET", f"assignment/{COURSE}/{ASSIGNMENT}"),
        ("eve", "POST", f"submission/{COURSE}/{ASSIGNMENT}"),
        ("nobody", "GET", "courses"),
    ],
)
def test_a_learner_gets_at_nothing_of_others(released, who, method, path):
    """Eve has an account and is not in the course; nobody has none."""
    released.send("ada", f"submission/{COURSE}/{ASSIGNMENT}", (NOTEBOOK, "answered"))
    status, answer = released.ask(who, method, path)
    assert (status, answer["success"]) == (403, False)


def test_a_token_for_something_else_is_nobody(released):
    """A server that a teacher opens gets a token of the teacher's: it must not open the exchange."""
    elsewhere = "teacher for access:servers!server=ada/"
    status, _answer = released.ask(
        "teacher", "GET", f"submissions/{COURSE}/{ASSIGNMENT}", token=elsewhere
    )
    assert status == 403


def test_a_cookie_is_nobody(released):
    """A page that a teacher looks at cannot ask in the teacher's name."""
    answer = requests.get(
        f"{released.address}/services/ngshare/courses",
        cookies={"ngshare-oauth-token": "teacher", "jupyterhub-services": "teacher"},
        timeout=10,
    )
    assert answer.status_code == 403


def test_releasing_anew_keeps_what_was_handed_in(released):
    """nbgrader withdraws a release before it makes another."""
    assignment = f"assignment/{COURSE}/{ASSIGNMENT}"
    released.send("ada", f"submission/{COURSE}/{ASSIGNMENT}", (NOTEBOOK, "answered"))
    assert released.ask("teacher", "DELETE", assignment)[0] == 200
    assert released.ask("ada", "GET", f"assignments/{COURSE}")[1]["assignments"] == []
    assert released.send("teacher", assignment, (NOTEBOOK, "mended"))[0] == 200
    assert released.send("teacher", assignment, (NOTEBOOK, "again"))[0] == 409
    files = released.ask("ada", "GET", assignment)[1]["files"]
    assert [base64.b64decode(file["content"]) for file in files] == [b"mended"]
    handed_in = released.ask("teacher", "GET", f"submissions/{COURSE}/{ASSIGNMENT}")[1]
    assert [one["student_id"] for one in handed_in["submissions"]] == ["ada"]


@pytest.mark.parametrize(
    "paths",
    [
        ["../ben/02_django.ipynb"],
        ["/etc/passwd"],
        ["a/../../b"],
        ["a//b"],
        ["a/./b"],
        ["a\x00b"],
        ["a\nb"],
        ["é" * 200],
        ["/".join("a" * 100 for _ in range(12))],
        ["a", "a/b"],
        ["a", "a"],
        ["timestamp.txt/a"],
        [""],
        [f"{number}.txt" for number in range(300)],
    ],
)
def test_a_submission_that_a_disk_would_refuse_is_refused(released, paths):
    """One of them would end the collecting of a whole class."""
    files = [(path, "") for path in paths]
    status, answer = released.send("ada", f"submission/{COURSE}/{ASSIGNMENT}", *files)
    assert (status, answer["success"]) == (400, False)
    handed_in = released.ask("teacher", "GET", f"submissions/{COURSE}/{ASSIGNMENT}")[1]
    assert handed_in["submissions"] == []


@pytest.mark.parametrize(
    "files", ["", "{}", "[1]", "null", '[{"path": 1, "content": ""}]', '[{"path": "a"}]']
)
def test_what_is_no_list_of_files_is_told_so(files):
    assert "not a list" in refusal(files)


def test_who_teaches_is_what_the_hub_says(tmp_path):
    """Does a name that is taken off the list lose the course, and a learner who becomes a teacher gain it?"""
    from ngshare.database import Course

    for teachers in (["ada"], ["ben", "cleo"]):
        with exchange.database(tmp_path)() as session:
            exchange.enrol(session, COURSE, teachers)
            course = session.query(Course).filter_by(id=COURSE).one()
            assert sorted(one.id for one in course.instructors) == teachers
