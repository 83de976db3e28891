"""Where in the learner's files it happened."""

import asyncio

from revise.sandbox import tracebacks


def raised(code, path):
    """Run ``code`` as if it stood in the file ``path``; return what it raises."""
    try:
        exec(compile(code, str(path), "exec"), {})
    except BaseException as error:
        return error


def test_the_innermost_frame_in_the_project_is_named(tmp_path):
    code = "import json\ndef load():\n    return json.loads('{')\nload()\n"
    error = raised(code, tmp_path / "catalog/views.py")
    assert tracebacks.place(error, str(tmp_path)) == "catalog/views.py line 3"
    assert tracebacks.place(error, str(tmp_path / "other")) is None


def test_a_cause_in_the_project_is_named_when_the_error_itself_is_not(tmp_path):
    try:
        raise RuntimeError("outer") from raised("1 / 0", tmp_path / "views.py")
    except RuntimeError as error:
        line = tracebacks.one_line(error, str(tmp_path))
    assert line == "RuntimeError: outer, views.py line 1"


def test_an_exception_whose_text_raises_is_still_named(tmp_path):
    code = "class E(Exception):\n    def __str__(self):\n        raise ValueError\nraise E\n"
    assert (
        tracebacks.one_line(raised(code, tmp_path / "views.py"), str(tmp_path))
        == "E, views.py line 4"
    )


def test_the_projects_folder_is_not_told(tmp_path):
    error = raised(f"raise ValueError({str(tmp_path / 'x.html')!r})", tmp_path / "views.py")
    assert tracebacks.one_line(error, str(tmp_path)) == "ValueError: x.html, views.py line 1"
    assert str(tmp_path) not in tracebacks.learner_text(error, str(tmp_path))


def test_a_dump_of_a_hung_process_gives_the_innermost_place(tmp_path):
    dump = f"""Thread 0x00007f (most recent call first):
  File "/usr/lib/python3.11/selectors.py", line 468 in select
  File "/usr/lib/python3.11/asyncio/base_events.py", line 1884 in _run_once

Current thread 0x00007e (most recent call first):
  File "/usr/lib/python3.11/socket.py", line 5 in recv
  File "{tmp_path}/catalog/views.py", line 12 in fetch
  File "{tmp_path}/catalog/views.py", line 20 in home
"""
    assert tracebacks.place_in_dump(dump, str(tmp_path)) == "catalog/views.py line 12"


def test_a_task_that_waits_gives_its_innermost_place(tmp_path):
    code = "import asyncio\nasync def inner():\n    await asyncio.sleep(60)\nasync def outer():\n    await inner()\n"
    namespace = {}
    exec(compile(code, str(tmp_path / "views.py"), "exec"), namespace)

    async def look():
        task = asyncio.create_task(namespace["outer"]())
        await asyncio.sleep(0)
        place = tracebacks.place_of_task(task, str(tmp_path))
        task.cancel()
        return place

    assert asyncio.run(look()) == "views.py line 3"
