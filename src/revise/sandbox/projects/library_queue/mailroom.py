"""The mail room: takes messages over HTTP, and can be told to be slow, broken or picky.

python mailroom.py PORT

POST   /messages   take a message: {"to": ..., "text": ...}
GET    /messages   what was asked: [{"to", "text", "key", "status", "delivered"}, ...]
DELETE /messages   forget all of that, the plan and the keys
DELETE /keys       forget the keys only, as it does each night
PUT    /plan       what the next messages with such a text get: {"overdue": [503, 503, "hold"]}; without a plan it is 200
POST   /release    let go of the messages that are held

A message that is held is delivered at once, but its answer waits for the release. A message whose
Idempotency-Key was delivered before gets its 200 and is not delivered again.
"""

import contextlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = {422: "no such address", 503: "the mail room is closed"}
LOCK = threading.Lock()
released = threading.Event()
asked, plans, keys = [], {}, set()


class MailRoom(BaseHTTPRequestHandler):
    def do_GET(self):
        with LOCK:
            self.answer(200, asked)

    def do_DELETE(self):
        with LOCK:
            keys.clear()
            if self.path == "/messages":
                asked.clear(), plans.clear()
        self.answer(200, None)

    def do_PUT(self):
        coming = self.body()
        with LOCK:
            plans.clear(), plans.update(coming)
            released.clear()
        self.answer(200, None)

    def do_POST(self):
        sent = self.body()
        if self.path == "/release":
            released.set()
            self.answer(200, None)
            return
        key = self.headers.get("Idempotency-Key")
        with LOCK:
            planned = next((p.pop(0) for t, p in plans.items() if p and t in sent["text"]), 200)
            status = 200 if planned == "hold" else planned
            delivered = status == 200 and (key is None or key not in keys)
            asked.append({**sent, "key": key, "status": status, "delivered": delivered})
            if delivered and key is not None:
                keys.add(key)
        if planned == "hold":
            released.wait(30)
        self.answer(status, WORDS.get(status))

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has gone
            self.wfile.write(body)

    def log_message(self, form, *words):
        print(form % words, flush=True)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), MailRoom)
    server.daemon_threads = True
    server.serve_forever(0.05)
