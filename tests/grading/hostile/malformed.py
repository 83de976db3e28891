"""Submissions that are broken, or made to break what reads them: files, not code that runs.

Each is a name, a function that writes it over an honest submission, and what must come of it.
"""

import json
import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

FULL, BLANK = "full", "blank"
ROOT = os.geteuid() == 0  # who may read everything


@dataclass(frozen=True)
class Malformed:
    """One submission: ``write`` is given the path of an honest notebook in its folder."""

    name: str
    write: Callable[[Path], None]
    earns: str
    says: str = ""
    """Words that the reason or the notes must hold."""
    flagged: str = ""
    """Words that a flag must hold; without them there may be no flag."""

    def __str__(self) -> str:
        return self.name


# --- Tools ------------------------------------------------------------------------------------


def load(path: Path) -> dict:
    return json.loads(path.read_text())


def save(path: Path, content: object) -> None:
    path.write_text(json.dumps(content))


def raw(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data)


def encoded(encoding: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        content = load(path)
        content["metadata"]["title"] = "Übung 🐍" if encoding != "cp1252" else "Übung"
        path.write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))

    return write


def edited(change: Callable[[dict], object]) -> Callable[[Path], None]:
    """Return a function that changes the whole notebook, as the object that it is in JSON."""

    def write(path: Path) -> None:
        content = load(path)
        changed = change(content)
        save(path, content if changed is None else changed)

    return write


def each_cell(change: Callable[[dict], None]) -> Callable[[Path], None]:
    def apply(content: dict) -> None:
        for cell in content["cells"]:
            change(cell)

    return edited(apply)


def one_cell(id: str, change: Callable[[dict], None]) -> Callable[[Path], None]:
    return each_cell(lambda cell: change(cell) if cell.get("id") == id else None)


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Return a function that puts something else in the notebook's place."""

    def write(path: Path) -> None:
        path.unlink()
        make(path)

    return write


def beside(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Return a function that puts something beside the notebook, or in the place of what is there."""

    def write(path: Path) -> None:
        other = path.parent / name
        other.unlink(missing_ok=True)
        make(other)

    return write


def listen(path: Path) -> None:
    """Leave a socket behind; its name must be short, so it is bound from inside its folder."""
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def code(source: object, **more) -> dict:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return cell | {"source": source} | more


# --- Changes to the cells ---------------------------------------------------------------------


def without_ids(cell: dict) -> None:
    cell.pop("id")


def with_new_ids(cell: dict) -> None:
    cell["id"] = "colab" + cell["id"].encode().hex()[-12:]


def without_metadata(cell: dict) -> None:
    cell["metadata"] = {}


def anonymous(cell: dict) -> None:
    without_ids(cell)
    without_metadata(cell)


def old_format(content: dict) -> dict:
    old = nbformat.convert(nbformat.from_dict(content), 3)
    return json.loads(nbformat.writes(old, version=3))


def oldest_format(content: dict) -> dict:
    cells = [
        {"cell_type": cell["cell_type"], "code": "".join(cell["source"])}
        for cell in content["cells"]
    ]
    return {"nbformat": 1, "nbformat_minor": 0, "metadata": {}, "cells": cells}


def typed(value: object) -> Callable[[dict], None]:
    return lambda cell: cell.update(metadata=value)


def nbgrader(**values) -> Callable[[dict], None]:
    return lambda cell: cell["metadata"].setdefault("nbgrader", {}).update(values)


def about(**values) -> Callable[[dict], None]:
    return lambda cell: cell["metadata"]["revise"].update(values)


def as_markdown(cell: dict) -> None:
    if cell["metadata"].get("revise", {}).get("role") == "check":
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


def only_answers(content: dict) -> None:
    content["cells"] = [cell for cell in content["cells"] if is_answer(cell)]


def is_answer(cell: dict) -> bool:
    return cell["metadata"].get("revise", {}).get("role") == "answer"


def of_another_section(content: dict) -> None:
    content["metadata"]["revise"] = {"section": "02_later"}
    content["cells"] = [code("def other():\n    return 1", id="later-one--answer")]


def with_scripts(cell: dict) -> None:
    if cell["cell_type"] == "code":
        cell["outputs"] = [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"text/html": "<script>alert('stored')</script>"},
            }
        ]


def with_strange_numbers(content: dict) -> None:
    content["metadata"]["strange"] = [float("nan"), float("inf"), -float("inf")]
    content["cells"][0]["metadata"]["huge"] = 10**4000


def own(*sources: str) -> Callable[[dict], None]:
    return lambda content: content["cells"].extend(
        code(source, id=f"mine-{number}") for number, source in enumerate(sources)
    )


def doubled(content: dict) -> None:
    content["cells"] += json.loads(json.dumps(content["cells"]))


def copied(content: dict) -> None:
    """Copy graded cells as JupyterLab does: a new id, and nbgrader's id twice."""
    for number, cell in enumerate(list(content["cells"])):
        if "nbgrader" in cell["metadata"]:
            content["cells"].append(json.loads(json.dumps(cell)) | {"id": f"copy-{number}"})


def reversed_cells(content: dict) -> None:
    content["cells"].reverse()


def not_objects(content: dict) -> None:
    content["cells"] = [
        None,
        3,
        "a cell",
        [],
        {},
        *content["cells"],
        {"cell_type": ["code"], "source": "1"},
    ]


# --- Other files ------------------------------------------------------------------------------


def renamed(*names: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        data = path.read_bytes()
        path.unlink()
        for name in names:
            other = path.parent / name
            other.parent.mkdir(exist_ok=True)
            other.write_bytes(data)

    return write


def a_better_copy(path: Path) -> None:
    """Leave two notebooks of other names: one with half of the answers, one with all."""
    content = load(path)
    save(path.parent / "zz final.ipynb", content)
    for cell in content["cells"]:
        if cell["id"] == "tiny-greet--answer":
            cell["source"] = "%%writefile greeting.html\nYOUR CODE HERE"
    save(path.parent / "a first try.ipynb", content)
    path.unlink()


def cut_with_a_copy(path: Path) -> None:
    (path.parent / "copy.ipynb").write_bytes(path.read_bytes())
    path.write_bytes(path.read_bytes()[:900])


def extra_notebooks(path: Path) -> None:
    (path.parent / "scratch.ipynb").write_text("not even JSON")
    save(path.parent / "notes.ipynb", {"cells": [code("1 / 0")]})


def extra_files(path: Path) -> None:
    """Leave one of everything that nbgrader would copy, follow or wait for."""
    folder = path.parent
    (folder / "passwords").symlink_to("/etc/passwd")
    (folder / "everything").symlink_to("/")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere").symlink_to("no/such/file")
    os.mkfifo(folder / "pipe")
    listen(folder / "socket")
    (folder / "requests.py").write_text("raise SystemExit('shadowed')")
    (folder / "conftest.py").write_text("raise SystemExit('shadowed')")
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (folder / "unreadable").write_text("x")
    (folder / "unreadable").chmod(0)
    with (folder / "sparse").open("wb") as file:
        file.truncate(10**10)


def odd_names(path: Path) -> None:
    folder = os.fsencode(path.parent)
    for name in (b"\xff\xfe.txt", b"a\nb", b"[x]*?", b"-rf", b"x" * 255, b" ", b"'\"<b>.ipynb"):
        Path(os.fsdecode(os.path.join(folder, name))).write_text("x")


def a_huge_tree(path: Path) -> None:
    deep = path.parent / "deep"
    deep.mkdir()
    for number in range(3000):
        (deep / f"{number}").touch()
    inner = deep
    for _ in range(60):
        inner = inner / "d"
        inner.mkdir()


def a_folder_of_its_name(path: Path) -> None:
    (path.parent / "other.ipynb").mkdir()
    (path.parent / "other.ipynb" / "x.ipynb").write_text("{}")


def a_large_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**9)


def nested_metadata(path: Path) -> None:
    deep = '{"x":' * 50_000 + "1" + "}" * 50_000
    path.write_text(
        re.sub(r'"metadata": \{', f'"metadata": {{"deep": {deep}, ', path.read_text(), count=1)
    )


def the_teachers_own(path: Path) -> None:
    """Submit the instructor's edition itself, which a link could have brought."""
    course, name = path.parents[3], path.parent.name
    path.write_bytes((course / "source" / name / path.name).read_bytes())


CHECK, ANSWER = "tiny-double--of-two", "tiny-double--answer"

UNREADABLE = [
    Malformed("not-json", raw(b"def double(number): return 4"), BLANK, "it is not JSON (line 1)"),
    Malformed("binary", raw(bytes(range(256)) * 40), BLANK, "not JSON"),
    Malformed("conflict", lambda path: path.write_text("<<<<<<< HEAD\n" + path.read_text()), BLANK, "not JSON"),
    Malformed("truncated", lambda path: path.write_bytes(path.read_bytes()[:1500]), BLANK, "it was cut off"),
    Malformed("empty", raw(b""), BLANK, "it is empty"),
    Malformed("zeros", raw(bytes(5000)), BLANK, "it is empty"),
    Malformed("a-web-page", raw(b"<!DOCTYPE html><html></html>"), BLANK, "it is a web page"),
    Malformed("a-list", raw(b"[1, 2]"), BLANK, "JSON of something else"),
    Malformed("a-string", raw(b'"cells"'), BLANK, "JSON of something else"),
    Malformed("no-cells", edited(lambda content: content.pop("cells") and None), BLANK, "no cells"),
    Malformed("cells-are-none", edited(lambda content: content.update(cells=None)), BLANK, "no cells"),
    Malformed("cells-are-a-text", edited(lambda content: content.update(cells="x" * 99)), BLANK, "no cells"),
    Malformed("sources-are-numbers", each_cell(lambda cell: cell.update(source=7)), BLANK, "no cells"),
    Malformed("nested-deeply", raw(b"[" * 200_000), BLANK, "nested too deeply"),
    Malformed("nested-deeply-in-metadata", nested_metadata, BLANK, "nested too deeply"),
    Malformed("a-million-lists", raw(b"[" + b"[]," * 2_500_000 + b"1]"), BLANK, "too many parts"),
    Malformed("too-large", a_large_file, BLANK, "too large: 953 MB"),
    Malformed("another-section", edited(of_another_section), BLANK, "It says that it is '02_later'"),
    Malformed("not-readable", lambda path: path.chmod(0), FULL if ROOT else BLANK, "" if ROOT else "permission denied"),
    Malformed("missing", instead(lambda path: None), BLANK, "There is no file 01_tiny.ipynb"),
    Malformed("a-named-pipe", instead(os.mkfifo), BLANK, "it is a named pipe"),
    Malformed("a-folder", instead(Path.mkdir), BLANK, "it is a folder"),
    Malformed("a-socket", instead(listen), BLANK, "it is a socket"),
    Malformed("a-dangling-link", instead(lambda path: path.symlink_to("nowhere")), BLANK, "a symbolic link"),
    Malformed("a-link-to-itself", instead(lambda path: path.symlink_to(path.name)), BLANK, "a symbolic link"),
    Malformed("a-link-to-a-device", instead(lambda path: path.symlink_to("/dev/zero")), BLANK, "a symbolic link", "a link out of its folder"),
    Malformed("a-link-to-the-solution", instead(lambda path: path.symlink_to("../../../source/01_tiny/01_tiny.ipynb")), BLANK, "a symbolic link", "a link out of its folder"),
]  # fmt: skip

READABLE = [
    Malformed("byte-order-mark", encoded("utf-8-sig"), FULL),
    Malformed("utf-16", encoded("utf-16"), FULL),
    Malformed("utf-32-big-endian", encoded("utf-32-be"), FULL),
    Malformed("windows-1252", encoded("cp1252"), FULL),
    Malformed("ends-in-zeros", lambda path: path.write_bytes(path.read_bytes() + bytes(4096)), FULL),
    Malformed("windows-line-ends", each_cell(lambda cell: cell.update(source="".join(cell["source"]).replace("\n", "\r\n"))), FULL),
    Malformed("control-characters", lambda path: path.write_text(path.read_text().replace('"metadata"', '"x": "a\0\tb\x1b",\n"metadata"', 1)), FULL),
    Malformed("nbformat-3", edited(old_format), FULL),
    Malformed("nbformat-1", edited(oldest_format), FULL),
    Malformed("nbformat-of-tomorrow", edited(lambda content: content.update(nbformat=99, nbformat_minor="x")), FULL),
    Malformed("nbformat-missing", edited(lambda content: content.pop("nbformat") and None), FULL),
    Malformed("no-ids", each_cell(without_ids), FULL),
    Malformed("new-ids", each_cell(with_new_ids), FULL),
    Malformed("no-cell-metadata", each_cell(without_metadata), FULL),
    Malformed("neither-ids-nor-metadata", each_cell(anonymous), FULL),
    Malformed("ids-are-numbers", each_cell(lambda cell: cell.update(id=5)), FULL),
    Malformed("ids-are-lists", each_cell(lambda cell: cell.update(id=["x"])), FULL),
    Malformed("ids-all-the-same", each_cell(lambda cell: cell.update(id="same")), FULL),
    Malformed("metadata-is-a-list", each_cell(typed([1])), FULL),
    Malformed("metadata-is-none", each_cell(typed(None)), FULL),
    Malformed("metadata-is-a-number", edited(lambda content: content.update(metadata=3)), FULL),
    Malformed("nbgrader-is-a-text", each_cell(lambda cell: cell["metadata"].update(nbgrader="x", revise=["y"], tags=5)), FULL),
    Malformed("old-schema", each_cell(nbgrader(schema_version=1)), FULL),
    Malformed("schema-of-tomorrow", each_cell(nbgrader(schema_version=99, surprise={})), FULL),
    Malformed("grade-ids-are-lists", each_cell(nbgrader(grade_id=[1])), FULL),
    Malformed("points-are-words", each_cell(nbgrader(points="many", grade=True, solution=None)), FULL, flagged="'grade' was changed"),
    Malformed("sources-hold-numbers", each_cell(lambda cell: cell.update(source=["".join(cell["source"]), 7, None])), FULL),
    Malformed("cells-that-are-no-objects", edited(not_objects), FULL),
    Malformed("outputs-are-words", each_cell(lambda cell: cell.update(outputs="x", execution_count="y")), FULL),
    Malformed("scripts-in-outputs", each_cell(with_scripts), FULL),
    Malformed("no-numbers", edited(with_strange_numbers), FULL),
    Malformed("another-kernel", edited(lambda content: content["metadata"].update(kernelspec={"name": "julia-1.9"})), FULL),
    Malformed("kernel-is-a-number", edited(lambda content: content["metadata"].update(kernelspec=7, language_info=[])), FULL),
    Malformed("all-cells-twice", edited(doubled), FULL),
    Malformed("graded-cells-copied", edited(copied), FULL),
    Malformed("cells-reversed", edited(reversed_cells), FULL),
    Malformed("only-answers-left", edited(only_answers), FULL),
    Malformed("checks-as-text", each_cell(as_markdown), FULL),
    Malformed("5000-cells", edited(own(*["pass"] * 5000)), FULL),
    Malformed("10-mb-of-source", edited(own("#" + "x" * 5_000_000, "'''" + "line\n" * 1_000_000 + "'''")), FULL),
    Malformed("lone-surrogates", edited(own("word = '\udc80 \ud83d'")), FULL),
    Malformed("nul-bytes", edited(own("word = '\0'")), FULL),
    Malformed("30-mb-of-output", one_cell("start-3", lambda cell: cell.update(outputs=[{"output_type": "stream", "name": "stdout", "text": "x" * 30_000_000}])), FULL),
    Malformed("renamed", renamed("01_tiny (1).ipynb"), FULL, "'01_tiny (1).ipynb' was graded in its place"),
    Malformed("renamed-by-a-browser", renamed("01_tiny.ipynb.txt"), FULL, "'01_tiny.ipynb.txt' was graded in its place"),
    Malformed("in-a-folder", renamed("my work/01_tiny.ipynb"), FULL, "was graded in its place"),
    Malformed("two-renamed", a_better_copy, FULL, "'zz final.ipynb' was graded in its place, the one with most answers"),
    Malformed("cut-with-a-copy", cut_with_a_copy, FULL, "it was cut off (line"),
    Malformed("extra-notebooks", extra_notebooks, FULL, "Only '01_tiny.ipynb' was graded, and not: 'notes.ipynb', 'scratch.ipynb'."),
    Malformed("extra-files", extra_files, FULL),
    Malformed("odd-names", odd_names, FULL, "Only '01_tiny.ipynb' was graded"),
    Malformed("a-huge-tree", a_huge_tree, FULL),
    Malformed("a-folder-named-like-a-notebook", a_folder_of_its_name, FULL),
    Malformed("timestamp-is-a-pipe", beside("timestamp.txt", os.mkfifo), FULL, "timestamp.txt holds no time"),
    Malformed("timestamp-is-no-time", beside("timestamp.txt", lambda path: path.write_text("soon")), FULL, "timestamp.txt holds no time"),
    Malformed("timestamp-is-binary", beside("timestamp.txt", lambda path: path.write_bytes(b"\xff" * 90)), FULL, "timestamp.txt holds no time"),
    Malformed("timestamp-is-a-link", beside("timestamp.txt", lambda path: path.symlink_to("/etc/hostname")), FULL, "timestamp.txt holds no time"),
    Malformed("timestamp-is-missing", beside("timestamp.txt", lambda path: None), FULL),
    Malformed("secret-is-a-pipe", beside("submission_secret.txt", os.mkfifo), FULL),
]  # fmt: skip

TAMPERED = [
    Malformed("skip-execution", each_cell(lambda cell: cell["metadata"].update(tags=["skip-execution"])), FULL, flagged="the tag 'skip-execution'"),
    Malformed("more-points", one_cell(CHECK, nbgrader(points=100)), FULL, flagged="'points' was changed from 2 to 100"),
    Malformed("graded-no-more", one_cell(CHECK, nbgrader(grade=False)), FULL, flagged="'grade' was changed"),
    Malformed("unlocked", one_cell(CHECK, nbgrader(locked=False, solution=True)), FULL, flagged="'locked' was changed"),
    Malformed("another-grade-id", one_cell(CHECK, nbgrader(grade_id=ANSWER)), FULL, flagged="'grade_id' was changed"),
    Malformed("hidden-no-more", one_cell("tiny-double--of-others", about(hidden=False)), FULL, flagged="'hidden' was changed"),
    Malformed("a-check-that-passes", one_cell(CHECK, lambda cell: cell.update(source="assert True")), FULL, "Checks were edited", flagged="an assert of the check was replaced or removed"),
    Malformed("the-teachers-own", the_teachers_own, FULL, flagged="'### BEGIN SOLUTION'"),
]  # fmt: skip

MALFORMED = [*UNREADABLE, *READABLE, *TAMPERED]
