"""Jobs made of a few cells, run in a nursery."""

import json
from dataclasses import replace

from revise.grading.isolation.limits import MIB, Limits
from revise.grading.isolation.nursery import Nursery
from revise.grading.isolation.outcome import Outcome

QUICK = Limits(
    cell_seconds=4,
    notebook_seconds=60,
    memory=256 * MIB,
    process_memory=2048 * MIB,
    processes=96,
    files=64 * MIB,
    file_size=32 * MIB,
)


def cell(id: str, source: str, part: str = "answer", exercise: str | None = "one", **more) -> dict:
    """Return a cell of a job."""
    about = {"id": id, "source": source, "part": part, "exercise": exercise, "hidden": False}
    return about | ({"names": [], "probes": False} if part == "check" else {}) | more


def run(nursery: Nursery, *cells: dict, **limits) -> Outcome:
    """Run ``cells`` as one submission."""
    job = {"cells": list(cells), "limits": replace(QUICK, **limits).as_dict()}
    return Outcome.from_bytes(nursery.run(json.dumps(job).encode()))


def error(outputs: list[dict]) -> str:
    """Return what an error output says, or nothing."""
    return "".join(f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error")


def text(outputs: list[dict]) -> str:
    """Return what was printed."""
    return "".join(o["text"] for o in outputs if o["output_type"] == "stream")
