"""How quick is grading a class, and what does isolation cost? All in one run, side by side.

    python benchmarks/grading.py [--submissions N] [--warm] [--scaling 20 40 80] [--section 02]

The same submissions of one section (right, other right, wrong and blank answers, by chance and
repeatable) are graded by

- stock, cold: ``nbgrader autograde`` with nbgrader's own settings, no isolation, one after another, and the
  notebook's commands and servers each in an interpreter of their own (`cold`), as where a notebook
  calls ``python manage.py``: what nbgrader alone does;
- stock, cold, two side by side: half of the class each;
- with ``--warm``, stock twice more, with the fork server that the course brings along: a part of our
  own speed is in it, so it has no bar;
- ``revise grade`` with 1 and with 2 workers: isolated, the checks in another process;
- the floor: the cells of every submission as plain code in forks of a warm process, with the warm
  fork server of the sandbox, without a kernel, a notebook, a judge, a wall or a gradebook.

The exit status is 1 when a bar is missed:

- with 2 workers at least 6 times the throughput of stock's serial run, and at least 4 times that of
  two stock processes, both cold;
- CPU per submission, everything of the grader's included, at most 1.5 times the floor;
- twice the submissions take at most 2.2 times as long, and the grader's memory stays flat.

CPU is what the kernel accounts to every process that was started, also those that lost their parent.
The machine's noise hits all alike: trust the ratios.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from classroom import Classroom
from measure import Measured, run, waited

TIMES_STOCK, TIMES_TWO_STOCK, TIMES_FLOOR, TIMES_TWICE = 6, 4, 1.5, 2.2
MORE_MEMORY = 1.25
COLD = Path(__file__).with_name("cold")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=20, help="0 leaves the comparison out")
    parser.add_argument("--warm", action="store_true", help="stock with a warm fork server, too")
    parser.add_argument("--scaling", type=int, nargs="*", default=[20, 40, 80])
    parser.add_argument("--section", default="02")
    arguments = parser.parse_args()
    # Not a TemporaryDirectory: each fork of the floor that exits would take it away.
    folder = Path(tempfile.mkdtemp(prefix="revise-benchmark-"))
    try:
        missed = 0
        if arguments.submissions:
            room = Classroom(folder / "class", arguments.submissions, arguments.section)
            missed += compare(room, warm=arguments.warm)
        missed += scale(folder, arguments.section, arguments.scaling)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if missed else 0)


def compare(room: Classroom, *, warm: bool) -> int:
    """Grade one class in every way; return how many bars were missed."""
    size = len(room.students)
    halves = room.students[: size // 2], room.students[size // 2 :]
    ways = {
        "stock, cold, one process": lambda: stock(room, [room.students], warm=False),
        "stock, cold, two processes": lambda: stock(room, halves, warm=False),
        "revise grade, 1 worker": lambda: ours(room, 1),
        "revise grade, 2 workers": lambda: ours(room, 2),
        "the floor, one after another": lambda: floor(room),
    }
    if warm:
        ways["stock, warm, one process"] = lambda: stock(room, [room.students], warm=True)
        ways["stock, warm, two processes"] = lambda: stock(room, halves, warm=True)
    print(f"{size} submissions of {room.name}, {os.cpu_count()} cores\n")
    print(f"{'':30} {'a minute':>9} {'CPU s each':>11} {'peak MiB':>9}", flush=True)
    found: dict[str, Measured] = {}
    for name, way in ways.items():
        found[name] = one = way()
        rate = 60 * size / one.wall
        print(f"{name:30} {rate:9.1f} {one.cpu / size:11.2f} {one.memory:9.0f}", flush=True)
    cold, two_cold, _one_worker, two_workers, least, *warmed = found.values()
    print()
    for name, other in zip(("stock, warm", "two stock, warm"), warmed, strict=False):
        print(f"{f'throughput against {name}':40} {other.wall / two_workers.wall:6.2f}")
    times, times_two = cold.wall / two_workers.wall, two_cold.wall / two_workers.wall
    return sum(
        (
            bar("throughput against stock", times, least=TIMES_STOCK),
            bar("throughput against two stock", times_two, least=TIMES_TWO_STOCK),
            bar("CPU against the floor", two_workers.cpu / least.cpu, most=TIMES_FLOOR),
        )
    )


def scale(folder: Path, section: str, sizes: list[int]) -> int:
    """Grade classes of several sizes with 2 workers; return how many bars were missed."""
    measured = []
    for size in sizes:
        room = Classroom(folder / f"class-{size}", size, section)
        measured.append(ours(room, 2))
        one = measured[-1]
        print(
            f"{size:4} submissions: {one.wall:7.1f} s, {one.memory:6.0f} MiB at the peak",
            flush=True,
        )
    missed = 0
    for (small, first), (large, second) in zip(
        zip(sizes, measured, strict=True), zip(sizes[1:], measured[1:], strict=True), strict=False
    ):
        times = (second.wall / first.wall) / (large / small) * 2
        missed += bar(f"time from {small} to {large}, per doubling", times, most=TIMES_TWICE)
        memory = second.memory / first.memory
        missed += bar(f"memory from {small} to {large}", memory, most=MORE_MEMORY)
    return missed


def bar(name: str, value: float, *, least: float = 0, most: float = float("inf")) -> int:
    """Print a ratio and its bar; return 1 when it is missed."""
    held = least <= value <= most
    asked = f"at least {least:g}" if least else f"at most {most:g}"
    print(f"{name:40} {value:6.2f}  ({asked}) {'held' if held else 'MISSED'}")
    return 0 if held else 1


def stock(room: Classroom, groups, *, warm: bool) -> Measured:
    """Grade each group with a stock nbgrader of its own, side by side."""
    temperature = "warm" if warm else "cold"
    commands, folders = [], []
    for number, students in enumerate(groups):
        course = room.copy(
            room.folder.parent / f"stock-{temperature}-{len(groups)}-{number}", students, stock=True
        )
        autograde = [sys.executable, "-m", "nbgrader", "autograde", room.name]
        commands.append([*autograde, f"--course-dir={course}"])
        folders.append(course)
    return run(*commands, cwd=folders[0], env={} if warm else {"PYTHONPATH": str(COLD)})


def ours(room: Classroom, workers: int) -> Measured:
    """Grade the class with ``revise grade``; without the feedback pages, which stock does not write."""
    course = room.copy(room.folder.parent / f"{room.folder.name}-ours-{workers}", stock=False)
    revise = str(Path(sys.executable).with_name("revise"))
    grade = [revise, "grade", room.name, f"--workers={workers}"]
    return run([*grade, "--all", "--no-feedback", "--json"], cwd=course)


def floor(room: Classroom) -> Measured:
    """Run the same cells as plain code, in a fork of a warm process for each submission."""
    from plain import run_plainly, warm_up

    warm_up()
    submissions = [room.answered(student) for student in room.students]
    started = time.perf_counter()
    with waited() as usage:
        for notebook in submissions:
            run_plainly(notebook)
    return Measured(time.perf_counter() - started, usage.cpu, 0)


if __name__ == "__main__":
    main()
