"""Reading the hidden checks: `sesame-…` stands in them and nowhere else."""

from .attack import CLASS, DECORATOR, END, FUNCTION, MODULE, PAGE, START, Attack, code, trying

SECRET = "the hidden checks"
# Right answers, so that the hidden checks really go through them.
SLUG = """
def slugify(title):
    {0}
    return "-".join(title.lower().split())
"""
FULL = {FUNCTION: 4.0, DECORATOR: 3.0, PAGE: 4.0, MODULE: 4.0}


def through_the_function(name: str, line: str, *, before: str = "", end: str = "", **more):
    """Return an attack by a right function that does one thing more when it is called."""
    own = ((END, code(end)),) if end else ()
    return Attack(
        name,
        SECRET,
        {FUNCTION: code(before) + "\n\n" + code(SLUG.format(line))},
        own=own,
        at_most=FULL,
        **more,
    )


ATTACKS = (
    Attack(
        "objects-of-the-collector",
        SECRET,
        own=(
            (
                END,
                trying("""
                    import gc, inspect, re
                    found = set()
                    for thing in gc.get_objects():
                        try:
                            text = repr(vars(thing) if inspect.isfunction(thing) else thing)
                        except BaseException:
                            continue
                        found |= set(re.findall("sesame-[0-9a-f]{12}", text))
                    print("objects looked at", found)
                """),
            ),
        ),
        shows="objects looked at",
    ),
    Attack(
        "history",
        SECRET,
        own=(
            (
                END,
                code("""
                    import linecache, sys
                    shell = get_ipython()
                    print(In, _ih, _i, _ii, shell.history_manager.input_hist_raw)
                    print(list(linecache.cache.values()))
                    print([list(shell.history_manager.get_range())])
                    frame = sys._getframe()
                    while frame:
                        print(frame.f_code, list(frame.f_locals)[:50], frame.f_code.co_consts[:20])
                        frame = frame.f_back
                    print("history read")
                """),
            ),
        ),
        shows="history read",
    ),
    Attack(
        "processes",
        SECRET,
        own=tuple(
            (
                place,
                trying("""
                    for pid in filter(str.isdigit, os.listdir("/proc")):
                        for name in ("environ", "cmdline", "status", "cwd", "root", "fd", "task", "net/unix"):
                            path = f"/proc/{pid}/{name}"
                            try:
                                print(pid, name, os.listdir(path) if os.path.isdir(path) else open(path).read())
                            except OSError:
                                pass
                        for number in range(64):
                            try:
                                descriptor = os.open(f"/proc/{pid}/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
                                print(pid, number, os.pread(descriptor, 10**6, 0)[:10**5])
                            except OSError:
                                pass
                    print("processes read")
                """),
            )
            for place in (START, END)
        ),
        shows="processes read",
    ),
    Attack(
        "descriptors",
        SECRET,
        own=(
            (
                END,
                trying("""
                    for number in range(3, 256):
                        try:
                            one = socket.socket(fileno=os.dup(number))
                            print(number, one.recv(10**6, socket.MSG_PEEK | socket.MSG_DONTWAIT))
                        except OSError:
                            try:
                                os.lseek(number, 0, 0)
                                print(number, os.read(number, 10**5))
                            except OSError:
                                pass
                    print("descriptors read")
                """),
            ),
        ),
        shows="descriptors read",
    ),
    Attack(
        "own-memory",
        SECRET,
        own=(
            (
                END,
                trying("""
                    import re
                    found = set()
                    for line in open("/proc/self/maps"):
                        span, rights, *rest = line.split()
                        start, end = (int(one, 16) for one in span.split("-"))
                        if "r" in rights and end - start < 2**27 and "[v" not in line:
                            try:
                                with open("/proc/self/mem", "rb", 0) as memory:
                                    memory.seek(start)
                                    found |= set(re.findall(b"sesame-[0-9a-f]{12}", memory.read(end - start)))
                            except (OSError, OverflowError, ValueError):
                                pass
                    print("memory read", found)
                """),
            ),
        ),
        shows="memory read",
    ),
    Attack(
        "files-anywhere",
        SECRET,
        own=(
            (
                END,
                trying("""
                    import re
                    for place in ("@COURSE@", "@OUTSIDE@", "/root", "/work", "/home", "/tmp", "/var", "/etc",
                                  "/srv", "/opt", "/run", "/mnt"):
                        for folder, folders, names in os.walk(place):
                            folders[:] = [one for one in folders if one not in ("site-packages", "lib")]
                            for name in names:
                                try:
                                    with open(os.path.join(folder, name), "rb") as file:
                                        found = set(re.findall(b"sesame-[0-9a-f]{12}", file.read(3_000_000)))
                                    if found:
                                        print(folder, name, found)
                                except OSError:
                                    pass
                    for name in ("", "/source", "/gradebook.db", "/release", "/submitted"):
                        attempt(name, lambda: os.stat("@COURSE@" + name))
                    print("files read")
                """),
            ),
        ),
        shows="files read",
    ),
    through_the_function("input-printed", "print('called with', title)"),
    through_the_function(
        "input-kept",
        "seen.append(title)",
        before="seen = []",
        end="print('kept:', seen)",
        shows="kept:",
    ),
    through_the_function(
        "input-in-an-earlier-display",
        "shown.update(title)",
        before="from IPython.display import display\nshown = display('nothing yet', display_id=True)",
        end="print('the end')",
    ),
    through_the_function(
        "input-in-a-stream",
        "os.write(1, title.encode()); os.write(2, title.encode()); print(title, file=early)",
        before="import os, sys\nearly = sys.stdout",
        end="print('the end')",
    ),
    through_the_function(
        "input-later",
        "threading.Timer(0.3, print, [title], dict(file=early)).start()",
        before="import sys, threading\nearly = sys.stdout",
        end="import time; time.sleep(1); print('the end')",
    ),
    through_the_function(
        "input-in-a-file",
        "[open(f'{place}/@NAME@', 'a').write(title) for place in places]",
        before="import os\nplaces = [p for p in ('/tmp', '/dev/shm', '.', os.path.expanduser('~'))"
        " if os.access(p, os.W_OK)]",
        end="import os\nprint([open(f'{p}/@NAME@').read() for p in places], 'read again')",
        shows="read again",
    ),
    Attack(
        "input-in-an-error",
        SECRET,
        {
            FUNCTION: "def slugify(title):\n    if title == 'Dune Messiah':\n        return 'dune-messiah'\n"
            "    raise ValueError(f'called with {title}')",
            CLASS: "class Money:\n    def __init__(self, cents):\n        raise RuntimeError(cents)",
        },
        at_most={FUNCTION: 2.0},
    ),
    Attack(
        "input-of-a-callback",
        SECRET,
        {
            DECORATOR: code("""
                class GaveUp(Exception):
                    pass

                def look(thing, depth=0, seen=[]):
                    for name in ("__globals__", "__closure__", "__code__", "__self__", "__func__", "__dict__",
                                 "__builtins__", "__wrapped__", "__defaults__", "__class__", "gi_frame",
                                 "_channel", "_target", "f_back"):
                        try:
                            seen.append(repr(getattr(thing, name))[:2000])
                        except BaseException as error:
                            seen.append(repr(error))
                    return seen

                looked = []

                def retry(times):
                    def decorate(function):
                        looked.extend(look(function))
                        def call(*args):
                            looked.append(repr(args))
                            for _ in range(times):
                                try:
                                    return function(*args)
                                except ValueError as error:
                                    looked.append(repr(error))
                                    trace = error.__traceback__
                                    while trace:
                                        looked.append(repr(trace.tb_frame.f_locals)[:5000])
                                        trace = trace.tb_next
                            raise GaveUp
                        return call
                    return decorate
            """)
        },
        own=((END, "print('looked:', looked)"),),
        at_most=FULL,
        shows="looked:",
    ),
    Attack(
        "probe-in-the-shell",
        SECRET,
        {
            MODULE: code("""
                from pathlib import Path
                Path(f"{trial_module}/catalog/shelves.py").write_text('''
                from .models import Book

                def titles(country):
                    open("seen.txt", "a").write(country)
                    return list(Book.objects.filter(author__country=country).values_list("title", flat=True))
                ''')
                with Path(f"{trial_module}/library/settings.py").open("a") as settings:
                    print('''
                import gc, linecache, sys
                frame = sys._getframe()
                with open("seen.txt", "a") as seen:
                    while frame:
                        print(frame.f_locals, frame.f_code.co_consts, file=seen)
                        frame = frame.f_back
                    print(linecache.cache, file=seen)
                ''', file=settings)
            """)
        },
        own=(
            (
                END,
                "print('seen:', len(trial_module.read('seen.txt')), trial_module.read('seen.txt'))",
            ),
        ),
        at_most=FULL,
        shows="seen:",
    ),
    Attack(
        "requests-logged",
        SECRET,
        {
            PAGE: code("""
                %%writefile {trial_page}/catalog/counting.py
                import logging
                from django.http import JsonResponse
                from .models import Book

                def count(request):
                    print(request.get_full_path(), flush=True)
                    logging.getLogger("django").warning(request.get_full_path())
                    open("seen.txt", "a").write(request.get_full_path() + "\\n")
                    books = Book.objects.all()
                    if country := request.GET.get("country"):
                        books = books.filter(author__country=country)
                    return JsonResponse({"books": books.count()})
            """)
        },
        own=((END, "print('seen:', trial_page.read('seen.txt'), trial_page.log)"),),
        at_most=FULL,
        shows="seen: /count/",
    ),
    Attack(
        "a-look-at-another-exercise",
        "the hidden checks of an exercise, through the visible check of another",
        {
            FUNCTION: code("""
                def slugify(title):
                    open("/tmp/seen", "a").write(title)
                    return "-".join(title.lower().split())
            """),
            CLASS: code("""
                class Money:
                    def __init__(self, cents):
                        raise RuntimeError(open("/tmp/seen").read())
            """),
        },
        own=((START, "print('at the start')"),),
        at_most=FULL,
        shows="Dune Messiah",
    ),
)
