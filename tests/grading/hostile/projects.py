"""Projects that lie to whoever looks at them from outside: by files, processes and HTTP."""

from .attack import CLASS, END, MODULE, PAGE, START, Attack, code

SETTINGS = "%%writefile -a {trial_module}/library/settings.py\n"
VIEW = "%%writefile {trial_page}/catalog/counting.py\n"


def view(name: str, text: str, **more) -> Attack:
    """Return an attack by what the view answers; what stands beside it must not suffer."""
    after = "a judge that waits, drowns or follows"
    more = {"right": (CLASS, MODULE), **more}
    return Attack(name, after, {PAGE: VIEW + code(text)}, **more)


def files(name: str, text: str, **more) -> Attack:
    """Return an attack by what is done to the files of the project that commands run in."""
    more = {"right": (CLASS,), **more}
    return Attack(name, "what the judge does with the project", {MODULE: code(text)}, **more)


ATTACKS = (
    Attack(
        "requests-faked",
        "checks that ask a client of the learner's",
        {PAGE: VIEW + "def count(request):\n    return None"},
        own=(
            (
                START,
                code("""
                    import sys, types
                    import requests as real

                    class Yes:
                        status_code = 200
                        text = '{"books": 12}'
                        json = lambda self, **named: {"books": 12}
                        __getattr__ = lambda self, name: self

                    real.get = real.Session.get = real.Session.send = lambda *args, **named: Yes()
                    real.adapters.HTTPAdapter.send = lambda *args, **named: Yes()
                    sys.modules["requests"] = types.SimpleNamespace(get=real.get, Session=real.Session)
                    requests = sys.modules["requests"]
                    print("patched", requests.get("http://nowhere/").json())
                """),
            ),
        ),
        shows="patched",
    ),
    Attack(
        "project-faked",
        "checks that ask a project of the learner's",
        {
            MODULE: "class Fake:\n    manage = shell = lambda self, *a: self\n    returncode = 0\n"
            "    value = ['If on a winter\\'s night a traveler', 'Invisible Cities']\n"
            "    read = lambda self, path: 'def titles'\ntrial_module = Fake()\nsaid = str",
        },
        own=(
            (
                START,
                code("""
                    import revise, revise.sandbox.project as module

                    class Fake(revise.Project):
                        value = property(lambda self: ["If on a winter's night a traveler", "Invisible Cities"])
                        returncode = 0
                        shell = manage = lambda self, *args: self
                        read = lambda self, path: "def titles"
                        url = "http://127.0.0.1:1"

                    Project = revise.Project = module.Project = Fake
                    for name in ("shell", "manage", "read"):
                        setattr(Fake.__mro__[1], name, getattr(Fake, name))
                    print("patched")
                """),
            ),
        ),
        shows="patched",
    ),
    files(
        "settings-exit",
        SETTINGS + "\nimport os\nos._exit(0)",
    ),
    files(
        "models-exit",
        "%%writefile -a {trial_module}/catalog/models.py\nraise SystemExit(0)",
    ),
    files(
        "manage-exit",
        "%%writefile {trial_module}/manage.py\nimport sys\nprint('System check identified no issues')\nsys.exit(0)",
    ),
    # What it learns by heart is what the visible check says; a plain wrong answer gets as much.
    files(
        "value-forged",
        """
        from pathlib import Path
        Path(f"{trial_module}/catalog/shelves.py").write_text("def titles(country): return []")
        with Path(f"{trial_module}/library/settings.py").open("a") as settings:
            print('''
        import json, os, sys
        if "manage.py" not in sys.argv[0]:
            titles = ["If on a winter's night a traveler", "Invisible Cities"]
            line = json.dumps({"value": titles, "display": {}}).encode() + b"\\\\n"
            for number in range(3, 64):
                try:
                    os.write(number, line)
                except OSError:
                    pass
            os._exit(0)
        ''', file=settings)
        """,
        at_most={MODULE: 2.0},
    ),
    *(
        files(
            f"link-to-{name}",
            f"""
            import os
            os.makedirs(f"{{trial_module}}/catalog", exist_ok=True)
            path = f"{{trial_module}}/catalog/shelves.py"
            if os.path.lexists(path):
                os.unlink(path)
            os.symlink({target!r}, path)
            """,
        )
        for name, target in (
            ("environment", "/proc/self/environ"),
            ("memory-map", "/proc/self/maps"),
            ("passwords", "/etc/passwd"),
            ("gradebook", "@COURSE@/gradebook.db"),
            ("zeros", "/dev/zero"),
            ("itself", "shelves.py"),
            ("terminal", "/dev/tty"),
        )
    ),
    files(
        "folder-is-a-link",
        """
        import os, shutil
        shutil.rmtree(f"{trial_module}/catalog")
        os.symlink("/", f"{trial_module}/catalog")
        """,
    ),
    files(
        "course-folder-is-a-link",
        """
        import os
        place = os.getcwd()
        os.chdir("/tmp")
        os.rename(place, place + "-mine")
        os.symlink("/tmp/mirror", place)
        """,
        right=(),
    ),
    files(
        "course-folder-is-gone",
        """
        import os, shutil
        place = os.getcwd()
        os.chdir("/")
        shutil.rmtree(place)
        """,
        right=(),
    ),
    files(
        "sandbox-is-a-link",
        """
        import os
        os.rename("sandbox", "mine")
        os.symlink("/proc/self/root/tmp/mirror/sandbox", "sandbox")
        """,
        right=(),
    ),
    Attack(
        "settings-of-clients",
        "what the judge's libraries read in the home folder",
        {PAGE: VIEW + "def count(request):\n    return None"},
        own=(
            (
                START,
                code("""
                    import os
                    from pathlib import Path
                    home = Path.home()
                    for name in (".netrc", "_netrc", ".curlrc", ".gitconfig", ".pdbrc", "pytest.ini"):
                        (home / name).unlink(missing_ok=True)
                        os.mkfifo(home / name)
                    os.environ.update(http_proxy="http://127.0.0.1:1", REQUESTS_CA_BUNDLE="/nowhere")
                    print("laid")
                """),
            ),
        ),
        right=(CLASS,),
        shows="laid",
    ),
    files(
        "module-is-a-pipe",
        """
        import os
        os.mkfifo(f"{trial_module}/catalog/shelves.py")
        """,
    ),
    files(
        "database-is-a-pipe",
        """
        import os
        open(f"{trial_module}/catalog/shelves.py", "w").write(
            "from .models import Book\\ndef titles(country):\\n    return [b.title for b in Book.objects.all()]")
        os.unlink(f"{trial_module}/db.sqlite3")
        os.mkfifo(f"{trial_module}/db.sqlite3")
        """,
    ),
    files(
        "a-hundred-thousand-files",
        """
        import os
        for number in range(100_000):
            open(f"{trial_module}/catalog/{number}.py", "w").close()
        """,
    ),
    view(
        "view-hangs",
        "import time\n\n\ndef count(request):\n    time.sleep(1000)",
    ),
    view(
        "view-streams-for-ever",
        """
        from django.http import StreamingHttpResponse

        def more():
            while True:
                yield b"x" * 1_000_000

        def count(request):
            return StreamingHttpResponse(more())
        """,
    ),
    view(
        "view-drips",
        """
        import time
        from django.http import StreamingHttpResponse

        def drops():
            while True:
                yield b" "
                time.sleep(0.2)

        def count(request):
            return StreamingHttpResponse(drops(), content_type="application/json")
        """,
    ),
    view(
        "view-of-3-gigabytes",
        """
        from django.http import StreamingHttpResponse

        def count(request):
            return StreamingHttpResponse((b"x" * 1_000_000 for _ in range(3000)))
        """,
    ),
    view(
        "view-of-zipped-gigabytes",
        """
        import gzip
        from django.http import HttpResponse

        ZEROS = gzip.compress(b"0" * 100_000_000, 6)

        def count(request):
            return HttpResponse(ZEROS * 20, headers={"Content-Encoding": "gzip"})
        """,
    ),
    view(
        "view-of-deep-json",
        """
        from django.http import HttpResponse

        def count(request):
            return HttpResponse('{"books": ' + "[" * 1_000_000)
        """,
    ),
    view(
        "view-redirects-for-ever",
        """
        from django.http import HttpResponseRedirect

        def count(request):
            return HttpResponseRedirect(f"/count/?{request.GET.urlencode()}x")
        """,
    ),
    *(
        view(
            f"view-redirects-{name}",
            f"""
            from django.http import HttpResponse

            def count(request):
                return HttpResponse(status=302, headers={{"Location": {target!r}}})
            """,
        )
        for name, target in (
            ("to-a-file", "file:///etc/passwd"),
            ("outside", "http://127.0.0.1:@PORT@/"),
            ("far-outside", "http://192.0.2.1/"),
        )
    ),
    view(
        "view-is-a-mock",
        "from unittest.mock import MagicMock\n\ncount = MagicMock()",
    ),
    view(
        "view-ends-the-server",
        "import os, signal\n\n\ndef count(request):\n    os.killpg(0, signal.SIGKILL)",
    ),
    view(
        "view-kills-its-parents",
        """
        import os, signal

        def count(request):
            os.kill(os.getppid(), signal.SIGSTOP)
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(-1, signal.SIGKILL)
        """,
        # It ends all of its own learner's processes, those kept for hidden checks too: their cost.
        right=(),
    ),
    Attack(
        "starter-changed",
        "the copy from which every project is laid",
        {PAGE: VIEW + "def count(request):\n    return None"},
        own=(
            (
                START,
                code("""
                    import os
                    from pathlib import Path
                    import revise.sandbox.starters as starters
                    from revise.sandbox import folders

                    spoiled = 0
                    places = [Path(starters.__file__).parent, Path.home(), Path("/tmp"), Path("/var/tmp")]
                    places += [Path(os.environ.get("XDG_CACHE_HOME", "/home"))]
                    for place in places:
                        for path in list(place.rglob("catalog/urls.py"))[:50]:
                            try:
                                path.chmod(0o666)
                                path.write_text("urlpatterns = []")
                                spoiled += "sandbox" not in path.parts
                            except OSError:
                                pass
                    print("spoiled", spoiled)
                """),
            ),
            (END, "print('at the end')"),
        ),
        shows="at the end",
    ),
)
