"""The wires and the neighbours: forged replies, signals, traced and starved processes."""

from .attack import CLASS, FUNCTION, PAGE, START, Attack, code, trying

ALL = "the judge, its neighbours, and the wires between them"

FORGED = """
import json, os, socket, stat, struct, threading, time

replies = [
    {"value": "dune-messiah"}, {"result": "dune-messiah"}, {"ok": True, "value": "dune-messiah"},
    {"names": {"slugify": "dune-messiah"}}, {"plain": "dune-messiah"}, {"op": "end"}, {"returned": "x"},
    {"outputs": []}, {"error": None}, {"done": True, "outputs": []},
]
frames = []
for reply in replies:
    data = json.dumps(reply).encode()
    frames += [struct.pack(form, len(data)) + data for form in (">I", "<I", ">Q", "<Q")] + [data + b"\\n"]
frames += [b"\\xff" * 64, b"\\0" * 64, struct.pack(">I", 2**31), b"[" * 5000]

def wires():
    for name in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISSOCK(os.stat(f"/proc/self/fd/{name}").st_mode) or int(name) > 2:
                yield int(name)
        except OSError:
            pass

def forge():
    for number in wires():
        for frame in frames:
            try:
                os.write(number, frame)
            except OSError:
                pass
"""

ATTACKS = (
    Attack(
        "forged-replies",
        "an answer on the wire that the judge takes for the learner's function's",
        {
            FUNCTION: code(FORGED) + "\n\n\ndef slugify(title):\n    forge()\n    return 'x'",
        },
    ),
    Attack(
        "forged-replies-ahead",
        "an answer that is there before the question",
        {
            FUNCTION: code(FORGED)
            + "\n\nforge()\nthreading.Thread(target=lambda: [forge() or time.sleep(0.05) for _ in range(100)],"
            " daemon=True).start()\n\n\ndef slugify(title):\n    time.sleep(0.3)\n    return 'x'",
        },
    ),
    Attack(
        "wires-closed",
        "a judge that fails in the learner's favour",
        {FUNCTION: "import os\nos.closerange(3, 256)\n\n\ndef slugify(title):\n    return 'x'"},
        right=(CLASS,),
    ),
    Attack(
        "fork-server",
        "code run by the fork server, where the judge is",
        own=(
            (
                START,
                trying("""
                    from revise.sandbox import forkserver, wire
                    server = forkserver.fork_server()
                    for message in ({"op": "signal", "pid": 1, "number": 9, "group": True},
                                    {"op": "signal", "pid": -1, "number": 9, "group": False},
                                    {"op": "nothing"}, {"op": "run"}, {"op": ["run"]}):
                        report, tell = os.pipe()
                        try:
                            wire.send_message(server.control, message, [tell])
                        except OSError as error:
                            print("held: the fork server has hung up", error)
                        os.close(tell)
                        os.close(report)
                    try:
                        server.control.sendall(os.urandom(5000))
                    except OSError:
                        pass
                    print("held: said all")
                """),
            ),
        ),
        shows="held: said all",
    ),
    Attack(
        "fork-server-run",
        "the judge's files, by a command run elsewhere",
        own=(
            (
                START,
                trying("""
                    from revise.sandbox import runner
                    mine = Project('library', 'mine')
                    look = '''
                    import os
                    found = []
                    for pid in filter(str.isdigit, os.listdir("/proc")):
                        for name in ("environ", "cmdline", "mem"):
                            try:
                                found.append(open(f"/proc/{pid}/{name}", "rb").read(100000))
                            except OSError:
                                pass
                    print(len(found), os.listdir("/tmp"), b"".join(found)[:3000])
                    '''
                    request = {"kind": "shell", "code": look, "settings": "library.settings",
                               "cwd": str(mine._folder), "env": {}}
                    result = runner.run_command(request, folder="/", timeout=3, what="a look")
                    print(result.stdout, result.stderr, "looked")
                """),
            ),
        ),
        shows="looked",
    ),
    *(
        Attack(
            f"signals-{name}",
            ALL,
            {FUNCTION: trying(text) + "\nslugify = str"},
            right=(CLASS,),
        )
        for name, text in (
            ("everyone", "os.kill(-1, signal.SIGKILL)"),
            ("group", "os.killpg(0, signal.SIGKILL)"),
            ("first-process", "[os.kill(1, n) for n in range(1, 65) if n not in (32, 33)]"),
            ("parent", "[os.kill(os.getppid(), n) for n in (19, 2, 15, 9)]"),
            (
                "neighbours",
                """
                for name in filter(str.isdigit, os.listdir("/proc")):
                    if int(name) not in (1, os.getpid()):
                        os.kill(int(name), signal.SIGSTOP)
                """,
            ),
        )
    ),
    Attack(
        "trace",
        "the memory of every process that can be seen",
        own=(
            (
                START,
                trying("""
                    import re
                    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
                    found = set()
                    for pid in pids:
                        attached = libc.ptrace(16, pid, 0, 0) == 0
                        for line in open(f"/proc/{pid}/maps") if pid == os.getpid() or attached else ():
                            span, rights, *rest = line.split()
                            start, end = (int(one, 16) for one in span.split("-"))
                            if "r" not in rights or end - start > 2**26 or "[v" in line:
                                continue
                            try:
                                with open(f"/proc/{pid}/mem", "rb", 0) as memory:
                                    memory.seek(start)
                                    found |= set(re.findall(b"sesame-[0-9a-f]{12}", memory.read(end - start)))
                            except (OSError, OverflowError, ValueError):
                                pass
                        if attached:
                            libc.ptrace(17, pid, 0, 0)
                    print("looked into", len(pids), "processes:", found)
                """),
            ),
        ),
        shows="looked into",
    ),
    Attack(
        "fake-server",
        "a server on the project's port that answers what is wanted",
        {
            PAGE: trying("""
                import threading
                from http.server import BaseHTTPRequestHandler, HTTPServer

                port = int(trial_page.url.rpartition(":")[2])
                for name in filter(str.isdigit, os.listdir("/proc")):
                    if int(name) not in (1, os.getpid()):
                        try:
                            os.kill(int(name), signal.SIGKILL)
                        except OSError:
                            pass

                class Yes(BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(b'{"books": true}')

                try:
                    server = HTTPServer(("127.0.0.1", port), Yes)
                except OSError as error:
                    print("the port is taken:", error)
                else:
                    threading.Thread(target=server.serve_forever, daemon=True).start()
                print("all is killed")
            """)
        },
        shows="all is killed",
    ),
    Attack(
        "ports-taken",
        "the port before the project's server has it",
        own=(
            (
                START,
                trying("""
                    taken = []
                    for port in range(1024, 65536, 640):
                        one = socket.socket()
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                        try:
                            one.bind(("127.0.0.1", port))
                            one.listen()
                            taken.append(one)
                        except OSError:
                            one.close()
                            break
                    print("took", len(taken), "ports")
                """),
            ),
        ),
        right=(CLASS,),
        shows="took",
    ),
)
