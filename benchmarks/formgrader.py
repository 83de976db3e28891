"""Is nbgrader's formgrader usable with a large class? Each page and its calls, on synthetic marks.

    python benchmarks/formgrader.py [--learners N] [--sections N] [--stock] [--no-browser]

The gradebook is that of ``benchmarks/report.py``. The server is ``revise lab --teacher``; its seconds of CPU
are read off the process before and after each call, the second of two, and so are seconds of the clock and bytes. In Chromium a
page counts until its table stands. ``--stock`` leaves out the course's own part (indexes, lists), to compare.
The exit status is 1 when the bar is missed: 3 seconds of CPU for a call. docs/teacher.md says what misses it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import requests
from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from report import HANDED_IN, SyntheticClass

from revise import browser

CPU_SECONDS = 3
PATIENCE = 600
OURS = ("indexes.install()", "lists.install()")


def hand_in(folder: Path) -> dict[str, str]:
    """Lay the folders of every submission; return the ids for the pages of one learner's first assignment."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "backend-revise") as gradebook:
        submissions = gradebook.db.query(SubmittedAssignment.student_id, Assignment.name)
        for student, name in submissions.join(Assignment):
            (folder / "autograded" / student / name).mkdir(parents=True, exist_ok=True)
            submitted = folder / "submitted" / student / name
            submitted.mkdir(parents=True)
            (submitted / "timestamp.txt").write_text(f"{HANDED_IN} UTC")
        graded = next((folder / "autograded").glob("*/*/*.ipynb"))
        student, name = graded.parts[-3:-1]
        one = gradebook.find_submission_notebook(name, name, student)
        return {"student": student, "name": name, "submission": one.id}


class Formgrader:
    """The formgrader of a course, on a server that is started and stopped for it."""

    def __init__(self, folder: Path):
        runtime = folder / "runtime"
        command = [sys.executable, "-m", "revise.cli", "lab", "--teacher", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--ServerApp.port=0"],
            cwd=folder,
            env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not (found := [*runtime.glob("jpserver-*.json")]):
            time.sleep(0.2)
        time.sleep(1)
        about = json.loads(found[0].read_text())
        self.address, self.token = f"{about['url']}formgrader/", about["token"]
        self.seen = psutil.Process(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()

    def cpu(self) -> float:
        times = self.seen.cpu_times()
        return times.user + times.system

    def ask(self, call: str) -> tuple[float, float, int]:
        """Return seconds of CPU and of the clock, and bytes, of a GET."""
        cpu, clock = self.cpu(), time.perf_counter()
        answer = requests.get(
            self.address + call,
            headers={"Authorization": f"token {self.token}"},
            allow_redirects=False,  # the next submission's notebook is not there
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return self.cpu() - cpu, time.perf_counter() - clock, len(answer.content)


def calls(one: dict[str, str]) -> dict[str, list[str]]:
    """Return the formgrader's pages by their titles: each page, and what it asks for."""
    student, name, submission = one["student"], one["name"], one["submission"]
    return {
        "Manage Assignments": ["manage_assignments", "api/assignments"],
        "the submissions of an assignment": [f"manage_submissions/{name}", f"api/submissions/{name}"],
        "one of its rows, after a button": [f"api/submission/{name}/{student}"],
        "Manual Grading": ["gradebook", "api/assignments"],
        "its notebooks": [f"gradebook/{name}", f"api/notebooks/{name}"],
        "their submissions": [f"gradebook/{name}/{name}", f"api/submitted_notebooks/{name}/{name}"],
        "one submission": [
            f"submissions/{submission}/",
            f"api/grades?submission_id={submission}",
            f"api/comments?submission_id={submission}",
        ],
        "the next submission": [f"submissions/{submission}/next"],
        "Manage Students": ["manage_students", "api/students"],
        "one student": [f"manage_students/{student}", f"api/student_submissions/{student}"],
        "one student's notebooks": [
            f"manage_students/{student}/{name}",
            f"api/student_notebook_submissions/{student}/{name}",
        ],
    }  # fmt: skip


def measure_calls(formgrader: Formgrader, pages: dict[str, list[str]]) -> float:
    """Print the calls of each page; return the most CPU that one took."""
    most = 0.0
    for title, asked in pages.items():
        print(title)
        for call in asked:
            formgrader.ask(call)
            cpu, clock, size = formgrader.ask(call)
            most = max(most, cpu)
            print(f"  {call[:60]:<60} {cpu:6.2f} s CPU {clock:6.2f} s {size / 1000:8.1f} kB")
    return most


def measure_pages(formgrader: Formgrader, pages: dict[str, list[str]]) -> None:
    """Print how long each page with a table takes in Chromium until the table stands."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.program(), args=flags)
        page = chromium.new_page(extra_http_headers={"Authorization": f"token {formgrader.token}"})
        page.set_default_timeout(PATIENCE * 1000)
        for title, (path, *asked) in pages.items():
            if len(asked) != 1:
                continue
            clock = time.perf_counter()
            page.goto(formgrader.address + path)
            page.locator(".dataTables_filter").wait_for()
            rows = page.locator("#main-table tr").count()
            print(f"{title:<40} {rows:4} rows {time.perf_counter() - clock:6.2f} s in Chromium")
        chromium.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--sections", type=int, default=10)
    parser.add_argument("--stock", action="store_true", help="nbgrader alone")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    # nbgrader starts `alembic` by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = SyntheticClass(folder, options.learners, options.sections, notebooks=1)
        print(f"{options.learners} learners, {options.sections} sections, {made.count:,} marks")
        # JupyterLab is opened on a course that has something to lay.
        (folder / "notebooks").mkdir()
        first = made.course.written[0].notebook
        (folder / "notebooks" / first.name).write_bytes(first.read_bytes())
        config = folder / "nbgrader_config.py"
        if options.stock:
            lines = config.read_text().splitlines(keepends=True)
            config.write_text("".join(line for line in lines if line.strip() not in OURS))
        pages = calls(hand_in(folder))
        with Formgrader(folder) as formgrader:
            most = measure_calls(formgrader, pages)
            if not options.no_browser:
                measure_pages(formgrader, pages)
    return int(most > CPU_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
