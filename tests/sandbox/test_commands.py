"""`manage.py` and the shell: what they give, and how they fail."""

import time

import pytest

from revise import errors


def test_a_command_gives_its_output_and_status(library):
    result = library.manage("check")
    assert (result.returncode, result.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )
    assert result.stderr == ""
    assert repr(result) == "System check identified no issues (0 silenced)."


def test_a_command_that_fails_raises_nothing(library):
    result = library.manage("migrate", "nowhere")
    assert result.returncode == 1
    assert "No installed app with label 'nowhere'" in result.stderr


def test_it_is_the_projects_own_manage_py(library, write):
    write("manage.py", "import sys\nprint('mine', sys.argv)\nsys.exit(7)\n")
    result = library.manage("check", "--deploy")
    assert (result.returncode, result.stdout) == (7, "mine ['manage.py', 'check', '--deploy']\n")


def test_arguments_may_be_numbers(library):
    assert "0001_initial" in library.manage("showmigrations", "catalog", "--verbosity", 1).stdout


def test_migrations_are_made_and_applied_on_disk(library, write):
    models = library.read("catalog/models.py")
    write(
        "catalog/models.py",
        models + "\n\nclass Shelf(models.Model):\n    code = models.CharField(max_length=9)\n",
    )
    assert "Create model Shelf" in library.manage("makemigrations", "catalog").stdout
    assert len(list((library.path / "catalog/migrations").glob("0002_*.py"))) == 1
    assert library.manage("migrate", "catalog").returncode == 0
    assert library.shell("Shelf.objects.create(code='A1').code").value == "A1"


def test_a_migration_that_fails_leaves_the_project_usable(library, write):
    write(
        "catalog/migrations/0002_broken.py",
        """
        from django.db import migrations


        def fail(apps, schema_editor):
            raise ValueError("no such shelf")


        class Migration(migrations.Migration):
            dependencies = [("catalog", "0001_initial")]
            operations = [migrations.RunPython(fail)]
        """,
    )
    result = library.manage("migrate")
    assert result.returncode == 1
    assert result.stderr.rstrip().endswith("ValueError: no such shelf")
    assert "catalog/migrations/0002_broken.py" in result.stderr
    (library.path / "catalog/migrations/0002_broken.py").unlink()
    assert library.manage("migrate", "--check").returncode == 0
    assert library.session().get("/books/").status_code == 200


def test_a_command_sees_a_file_saved_just_before(library, write):
    for number in range(3):
        write("catalog/rule.py", f"DAYS = {number}\n")
        assert library.shell("from catalog.rule import DAYS; DAYS").value == number


def test_a_command_that_hangs_is_ended_and_says_where(library, write):
    write(
        "catalog/management/commands/linger.py",
        """
        import time
        from django.core.management.base import BaseCommand


        class Command(BaseCommand):
            def handle(self, **options):
                print("so far")
                time.sleep(600)
        """,
    )
    library.timeout = 1
    with pytest.raises(errors.CommandTimeout) as caught:
        library.manage("linger")
    assert str(caught.value) == (
        "manage.py linger did not end within 3 s, it was at catalog/management/commands/linger.py line 9."
        " Its last output: so far"
    )


def test_runserver_is_refused_the_server_runs_already(library):
    with pytest.raises(errors.SandboxError, match=r"use project\.url"):
        library.manage("runserver")


def test_what_a_command_left_in_the_background_does_not_hold_it_up(library):
    started = time.monotonic()
    result = library.shell("import subprocess; subprocess.Popen(['sleep', '60']).pid")
    assert result.returncode == 0
    assert time.monotonic() - started < 20


def test_an_endless_print_does_not_fill_the_memory(library):
    library.timeout = 1
    with pytest.raises(errors.CommandTimeout) as caught:
        library.shell("while True: print('x' * 1000)")
    assert len(str(caught.value)) < 1000


class TestShell:
    def test_the_last_expression_is_the_value(self, library):
        result = library.shell("x = 20\nprint('hello')\nx + 1")
        assert (result.value, result.stdout, result.returncode) == (21, "hello\n", 0)
        assert repr(result) == "hello\n21"

    def test_models_and_a_few_names_are_there(self, library):
        code = "[Author.__name__, User.__name__, date(2026, 3, 1), timedelta(days=1), Decimal('1.50'), datetime.__name__]"
        assert library.shell(code).value == [
            *("Author", "User", "2026-03-01", "P1DT00H00M00S", "1.50", "datetime"),
        ]

    def test_without_a_last_expression_there_is_no_value(self, library):
        assert library.shell("x = 1").value is None
        assert library.shell("").value is None

    def test_code_that_raises_says_what_and_where(self, library, write):
        write("catalog/lending.py", "def due(day):\n    return day + borrowed\n")
        result = library.shell("from catalog.lending import due\ndue(1)")
        assert (result.returncode, result.value) == (1, None)
        assert (
            result.error == "NameError: name 'borrowed' is not defined (catalog/lending.py line 2)"
        )
        assert result.stderr.startswith(
            'Traceback (most recent call last):\n  File "<shell>", line 2, in <module>\n'
        )
        assert "return day + borrowed" in result.stderr

    def test_a_syntax_error_is_one_too(self, library):
        result = library.shell("for")
        assert (result.returncode, result.error) == (1, "SyntaxError: invalid syntax")

    def test_a_project_that_cannot_be_loaded_is_told(self, library, write):
        write("catalog/models.py", "from django.db import models\nclass Book(models.Model\n")
        result = library.shell("1")
        assert result.returncode == 1
        assert result.error == "SyntaxError: '(' was never closed (catalog/models.py line 2)"

    @pytest.mark.parametrize(
        ("code", "status", "error"),
        [
            ("import sys; sys.exit(3)", 3, "SystemExit: 3"),
            ("import os; os._exit(4)", 4, "the process ended with exit status 4"),
            ("import os; os.kill(os.getpid(), 9)", -9, "the process was killed by SIGKILL"),
        ],
    )
    def test_a_process_that_ends_itself_is_told_truthfully(self, library, code, status, error):
        result = library.shell(code)
        assert (result.returncode, result.error, result.value) == (status, error, None)

    def test_a_queryset_is_shown_as_a_table_with_its_sql(self, library):
        result = library.shell("Book.objects.filter(title='Dune').values('title')")
        assert result.value == [{"title": "Dune"}]
        assert "SELECT" in result._repr_mimebundle_()["text/plain"]

    def test_a_query_that_fails_when_it_is_run_is_the_codes_error(self, library):
        result = library.shell("Book.objects.extra(where=['nonsense'])")
        assert result.returncode == 1
        assert result.error == "OperationalError: no such column: nonsense"

    def test_a_large_value_arrives_whole(self, library):
        assert len(library.shell("'x' * 3_000_000").value) == 3_000_000

    def test_the_kernels_own_settings_are_not_the_projects(self, library, monkeypatch):
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "elsewhere.settings")
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        monkeypatch.setenv("LIBRARY_NAME", "Alexandria")
        code = "import os; [os.environ[n] if n in os.environ else None for n in %r]"
        names = ["DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "LIBRARY_NAME"]
        assert library.shell(code % names).value == ["library.settings", None, "Alexandria"]
