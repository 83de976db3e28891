"""Programs behind the wall: one server for both sides, and programs that a check starts for itself."""

import pytest

from revise.grading.isolation.limits import MIB

from .jobs import cell, error, run

pytestmark = pytest.mark.xdist_group("nursery")
ROOM = {"files": 512 * MIB, "memory": 1024 * MIB, "process_memory": 4096 * MIB, "cell_seconds": 30}
LAY = "import redis\nfrom revise import Project\nshelf = Project('library', 'shelf')\ncache = shelf.start('redis-server')\n"
SETUP = cell("setup", LAY + "shelf.env['REDIS_URL'] = cache.url", "setup")


def test_a_check_asks_the_redis_that_the_answer_used(nursery):
    answer = cell("answer", "redis.Redis.from_url(cache.url).set('title', 'Dune')")
    check = cell(
        "check",
        "import os\nassert redis.Redis.from_url(cache.url).get('title') == b'Dune'\n"
        "assert shelf.shell(\"import os; os.environ['REDIS_URL']\").value == cache.url\n"
        "assert cache.alive\ncache.kill()\nimport time; time.sleep(0.3)\nassert not cache.alive",
        "check",
    )
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert (error(outcome.cells["answer"]), error(outcome.cells["check"])) == ("", "")


def test_a_check_starts_a_program_on_the_learners_side(nursery):
    answer = cell(
        "answer",
        "(shelf.path / 'hello.py').write_text(\n"
        "    'import os\\ndef application(environ, start):\\n    start(\"200 OK\", [])\\n'\n"
        "    '    return [str(os.path.exists(\"/tmp/mirror\")).encode()]\\n')",
    )
    check = cell(
        "check",
        "import requests\nwith shelf.start('gunicorn', 'hello', '--bind', '127.0.0.1:{port}') as web:\n"
        "    assert requests.get(web.url).text == 'False'\n    assert 'Listening' in web.log\n"
        "assert not web.alive",
        "check",
    )
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert (error(outcome.cells["answer"]), error(outcome.cells["check"])) == ("", "")


def test_an_address_that_was_tampered_with_fails_the_check_only(nursery):
    answer = cell("answer", "(shelf.path / '.programs' / 'redis-server.json').write_text('[]')")
    check = cell("check", "cache.url", "check")
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert "was not started" in error(outcome.cells["check"])
