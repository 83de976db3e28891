"""Three services beside the library: reviews, price and shelf. Each can be slow, broken, or wait for the others.

python neighbours.py PORT SECONDS

GET    /reviews/4, /price/4, /shelf/4   {"reviews": ...}, {"price": ...}, {"shelf": ...} after SECONDS
PUT    /plan      what they do from now on, such as {"price": 503, "shelf": "hold", "reviews": "meet"}
GET    /seen      {"asked": ["/price/4", ...], "most": how many were being answered at the same time, at most}
POST   /release   let go of what is held
DELETE /seen      forget all of that, and the plan

"hold" waits for the release. "meet" waits until three requests are there at the same time, at most two seconds.
"""

import contextlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Condition()
released = threading.Event()
asked, plan = [], {}
count = {"now": 0, "most": 0}


def answer_of(name, book):
    """Return what a service knows of a book: the same each time."""
    return {
        "reviews": 3 + book % 5,
        "price": f"{8 + book}.50",
        "shelf": f"{'ABC'[book % 3]}{book}",
    }.get(name)


class Neighbours(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/seen":
            with LOCK:
                self.answer(200, {"asked": sorted(asked), "most": count["most"]})
            return
        _, name, book = self.path.split("/")
        with LOCK:
            asked.append(self.path)
            count["now"] += 1
            count["most"] = max(count.values())
            LOCK.notify_all()
            planned = plan.get(name, 200)
            if planned == "meet":
                LOCK.wait_for(lambda: count["most"] >= 3, 2)
        if planned == "hold":
            released.wait(30)
        time.sleep(float(sys.argv[2]))
        with LOCK:
            count["now"] -= 1
        if planned in ("hold", "meet", 200):
            self.answer(200, {name: answer_of(name, int(book))})
        else:
            self.answer(planned, {"error": "broken"})

    def do_DELETE(self):
        with LOCK:
            asked.clear(), plan.clear(), count.update(now=0, most=0)
        released.set()
        self.answer(200, None)

    def do_PUT(self):
        coming = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with LOCK:
            plan.clear(), plan.update(coming)
        released.clear()
        self.answer(200, None)

    def do_POST(self):
        released.set()
        self.answer(200, None)

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has gone
            self.wfile.write(body)

    def log_message(self, form, *words):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Neighbours)
    server.daemon_threads = True
    server.serve_forever(0.05)
