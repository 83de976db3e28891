"""``python -m revise.hub.exchange``: ngshare, the exchange of a hub, made safe for a class.

ngshare (https://ngshare.readthedocs.io) keeps releases, submissions and feedback behind JupyterHub's
tokens, so that nobody needs an account on the machine or a shared folder. What is not safe in it is
replaced (revise.hub.exchange_handlers says why), and it listens where it is told to, not everywhere.
"""

import argparse
import logging
import os
from pathlib import Path
from urllib.parse import urlsplit

MOST_BYTES = 64 * 1024 * 1024
"""Of one request: a submission, or an assignment with its files."""


def main(argv: list[str] | None = None) -> None:
    """Serve the exchange until the hub ends this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where its files are kept")
    parser.add_argument("--course", required=True, help="nbgrader's id of the course")
    parser.add_argument("--teacher", action="append", default=[], help="who teaches it")
    asked = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s ngshare %(message)s")

    from tornado.httpserver import HTTPServer
    from tornado.ioloop import IOLoop

    application = make(asked.folder, asked.course, asked.teacher)
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    server = HTTPServer(application, max_buffer_size=MOST_BYTES, max_body_size=MOST_BYTES)
    server.listen(address.port, address.hostname)
    IOLoop.current().start()


def make(folder: Path, course: str, teachers: list[str]):
    """Return the exchange as a Tornado application that keeps its files in ``folder``.

    Its database has the course with its teachers. They are the exchange's administrators as well: one
    hub has one course.
    """
    from ngshare.ngshare import MyApplication

    from revise.hub import exchange_handlers

    with database(folder)() as session:
        enrol(session, course, teachers)
    application = MyApplication(
        os.environ["JUPYTERHUB_SERVICE_PREFIX"],
        address_of(folder),
        str(folder / "files"),
        admin=teachers,
        autoreload=False,
    )
    exchange_handlers.install(application)
    return application


def address_of(folder: Path) -> str:
    """Return the address of the database of an exchange in ``folder``."""
    return f"sqlite:///{folder / 'ngshare.db'}"


def database(folder: Path):
    """Return what makes sessions on the database of an exchange, which is made or brought up to date."""
    from ngshare import dbutil
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    dbutil.upgrade(address_of(folder))
    return sessionmaker(bind=create_engine(address_of(folder)))


def enrol(session, course: str, teachers: list[str]) -> None:
    """Make the course, where there is none, and let exactly ``teachers`` teach it."""
    from ngshare.database import Course, User

    known = session.query(Course).filter_by(id=course).one_or_none() or Course(course)
    session.add(known)
    people = [session.get(User, name) or User(name) for name in teachers]
    session.add_all(people)
    session.flush()
    for person in people:
        if person in known.students:
            known.students.remove(person)
        if person not in known.instructors:
            known.instructors.append(person)
    for person in [one for one in known.instructors if one not in people]:
        known.instructors.remove(person)
    session.commit()


if __name__ == "__main__":
    os.umask(0o077)
    main()
