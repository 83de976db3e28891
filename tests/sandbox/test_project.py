"""A project on disk: laid, laid again, refused with one clear line."""

import errno
import os
import shutil
import socket
from pathlib import Path

import pytest
import requests
from conftest import unprivileged

from revise import Project, errors, said
from revise.sandbox import starters


def test_it_is_laid_beside_the_notebook_migrated_and_seeded(library, notebook):
    assert str(library) == os.fspath(library) == os.path.join("sandbox", "library")
    assert library.path == Path("sandbox/library")
    assert (notebook / "sandbox/library/manage.py").is_file()
    assert library.shell("Book.objects.count()").value > 0
    assert library.manage("migrate", "--check").returncode == 0


def test_the_starter_name_is_the_folder_unless_another_is_given(notebook):
    assert str(Project("library", "due-dates")) == os.path.join("sandbox", "due-dates")


def test_its_path_is_right_after_the_notebook_changes_folder(library, notebook, monkeypatch):
    monkeypatch.chdir("sandbox")
    assert str(library) == "library"
    assert "models" in library.read("catalog/models.py")


@pytest.mark.parametrize("what", ["a pipe", "a device", "too much"])
def test_only_a_text_is_read(library, what):
    path = library.path / "catalog" / "notes.txt"
    path.unlink(missing_ok=True)
    if what == "a pipe":
        os.mkfifo(path)
    elif what == "a device":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 20_000_001)
    with pytest.raises(errors.NotAText, match=r"notes\.txt cannot be read"):
        library.read("catalog/notes.txt")
    path.unlink()


def test_the_same_name_again_starts_afresh(library):
    url = library.url
    (library.path / "catalog/views.py").write_text("broken(")
    again = Project("library")
    try:
        assert str(again) == str(library)
        assert requests.get(f"{again.url}/books/").status_code == 200
        with pytest.raises(requests.ConnectionError):
            requests.get(url)
    finally:
        again.stop()


def test_a_starter_that_extends_another_is_laid_over_it(notebook):
    api = Project("library_api")
    assert 'path("api/"' in api.read("library/urls.py")
    assert api.read("catalog/models.py") == Project("library").read("catalog/models.py")
    assert not (api.path / "starter.toml").exists()
    assert api.manage("migrate", "--check").returncode == 0
    code = "from rest_framework.authtoken.models import Token; [Token.objects.count(), Book.objects.count()]"
    assert api.shell(code).value == [0, 12]


def test_a_change_of_what_is_extended_makes_a_new_copy(tmp_path, monkeypatch):
    plain, over = tmp_path / "plain", tmp_path / "over"
    for folder in (plain, over):
        folder.mkdir()
    (plain / "manage.py").write_text("1")
    (over / "starter.toml").write_text('extends = "plain"')
    monkeypatch.setattr(starters, "STARTERS", tmp_path)
    assert starters.all_starters() == [over, plain]
    assert starters.find_starter("over") == over
    before = starters.fingerprint.__wrapped__(over)
    (plain / "manage.py").write_text("2")
    assert starters.fingerprint.__wrapped__(over) != before


def test_a_misspelt_starter_is_told_the_right_name(notebook):
    with pytest.raises(errors.UnknownStarter, match=r"'libary'; did you mean 'library'\?"):
        Project("libary")
    assert not (notebook / "sandbox").exists()


@pytest.mark.parametrize("name", ["../elsewhere", "a b", ".hidden", "", "x/y"])
def test_a_name_that_is_no_folder_name_is_refused(notebook, name):
    if name == "":  # like no name at all
        assert str(Project("library", name)) == os.path.join("sandbox", "library")
    else:
        with pytest.raises(errors.BadProjectName):
            Project("library", name)


def test_a_folder_that_it_did_not_lay_is_never_deleted(notebook):
    mine = notebook / "sandbox/library/thesis.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work")
    with pytest.raises(errors.NotOurFolder, match=r"sandbox/library was not laid by the sandbox"):
        Project("library")
    assert mine.read_text() == "years of work"


def test_a_link_to_a_folder_is_never_followed(notebook):
    elsewhere = notebook / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".revise").write_text("")
    (notebook / "sandbox").mkdir()
    (notebook / "sandbox/library").symlink_to(elsewhere)
    with pytest.raises(errors.NotOurFolder):
        Project("library")
    assert (elsewhere / ".revise").exists()


def test_a_deleted_project_is_told_as_gone(library):
    shutil.rmtree(library.path)
    for use in (lambda: library.url, lambda: library.manage("check"), lambda: library.shell("1")):
        with pytest.raises(errors.ProjectGone, match=r"sandbox/library is gone"):
            use()


def test_a_project_deleted_under_its_server_is_told_in_the_answer(library):
    session = library.session()
    assert session.get("/").status_code == 200
    shutil.rmtree(library.path)
    assert said(session.get("/")) == "GET / returned 500 (the project's folder is gone)"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "catalog/views.py",
            'def home(request):\n    raise NotImplementedError("YOUR CODE HERE")\n',
        ),
        ("catalog/templates/catalog/home.html", "<p>YOUR CODE HERE</p>"),
    ],
)
def test_an_answer_not_written_yet_is_told_as_not_attempted(library, write, path, text):
    write(path, text)
    for use in (lambda: library.url, lambda: library.manage("check"), lambda: library.shell("1")):
        with pytest.raises(errors.NotAttempted, match=path):
            use()
    with pytest.raises(errors.NotAttempted):
        library.session()
    write(path, "")
    assert library.manage("check").returncode in (0, 1)


def test_python_may_speak_of_your_code_here(library, write):
    write("catalog/notes.py", '"""YOUR CODE HERE is what nbgrader writes."""\n')
    assert library.manage("check").returncode == 0


def test_a_taken_port_is_told(library):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        project = Project("library", "on-a-port", port=port)
        with pytest.raises(errors.PortInUse, match=f"port {port} is taken"):
            _ = project.url
    assert project.url == f"http://127.0.0.1:{port}"
    project.stop()


def test_a_stopped_server_starts_again_on_the_port_it_was_given(library):
    port = int(library.url.rpartition(":")[2])
    library.stop()
    library.port = port
    assert requests.get(f"{library.url}/books/").status_code == 200
    assert library.url.endswith(f":{port}")


def test_two_kernels_never_meet(library, kernel):
    other = kernel(
        """
        from revise import Project
        import requests
        library = Project("library")
        library.shell("Book.objects.all().delete()")
        print(library, requests.get(library.url + "/books/").status_code, flush=True)
        input()
        """
    )
    assert other.line() == os.path.join("sandbox", "library-2") + " 200"
    assert library.shell("Book.objects.count()").value > 0
    third = kernel("from revise import Project; print(Project('library'))")
    assert third.line() == os.path.join("sandbox", "library-3")
    assert other.end() == ("", "")
    # Its lock went with it.
    assert kernel("from revise import Project; print(Project('library'))").line().endswith("-2")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(kernel, notebook):
    notebook.chmod(0o555)
    reader = kernel(
        """
        from revise import Project, errors
        try:
            Project("library")
        except errors.FolderNotWritable as error:
            print(error)
        """,
        before=unprivileged(),
    )
    assert reader.end() == (
        "cannot write sandbox: permission denied. Open the notebook from a folder you may write to.\n",
        "",
    )


def test_root_is_never_needed_nor_a_cache(kernel, notebook, monkeypatch):
    locked = notebook / "cache"
    locked.mkdir(mode=0o555)
    monkeypatch.setenv("XDG_CACHE_HOME", str(locked))
    learner = kernel(
        """
        from revise import Project, said
        library = Project("library")
        print(said(library.session().get("/books/")), library.shell("Book.objects.count()").value > 0)
        """,
        before=unprivileged(),
    )
    assert learner.end() == ("GET /books/ returned 200 True\n", "")
    assert learner.nothing_left() == []


def test_a_full_disk_is_told_in_one_line(notebook, monkeypatch):
    def no_space(*_args, **_options):
        raise shutil.Error([("a", "b", f"[Errno {errno.ENOSPC}] No space left on device: 'b'")])

    Project("library", "before")  # the starter is built
    monkeypatch.setattr(starters.shutil, "copytree", no_space)
    with pytest.raises(errors.DiskFull, match=r"cannot write sandbox/library: the disk is full"):
        Project("library")
    monkeypatch.undo()
    monkeypatch.chdir(notebook)
    Project("library")  # what was begun is laid afresh


def test_a_session_knows_the_address_and_keeps_cookies(library):
    session = library.session()
    page = session.get("/admin/login/")
    assert page.request.url == f"{library.url}/admin/login/"
    assert "csrftoken" in session.cookies


def test_the_admin_can_be_logged_in_to(library):
    session = library.session()
    library.shell("u = User.objects.get(username='admin'); u.set_password('sesame'); u.save()")
    token = session.get("/admin/login/").cookies["csrftoken"]
    form = {"username": "admin", "password": "sesame", "csrfmiddlewaretoken": token}
    response = session.post("/admin/login/?next=/admin/", data=form, allow_redirects=False)
    assert said(response) == "POST /admin/login/?next=/admin/ returned 302 to /admin/"
    assert "Site administration" in session.get("/admin/").text


def test_it_shows_its_files_log_and_pages(library):
    assert "catalog/" in str(library.tree())
    library.session().get("/books/")
    assert '"GET /books/ HTTP/1.1" 200' in str(library.log)
    assert library.url in library.frame("/books/")._repr_mimebundle_()["text/html"]
