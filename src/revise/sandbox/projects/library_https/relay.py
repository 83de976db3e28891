"""A relay in the middle: python relay.py PORT TARGET

Whoever connects to PORT is connected to the port TARGET. What comes is passed on, in both directions, after it
went through from_client or from_server of tamper.py.
"""

import contextlib
import re
import socket
import socketserver
import sys
import threading
import traceback

import tamper

HTTP = (b"GET ", b"POST ", b"HEAD ", b"HTTP/")


def message(connection):
    """Return a whole HTTP message, or what came if it is none; nothing at the end."""
    data = connection.recv(65536)
    if not data.startswith(HTTP):
        return data
    while not is_whole(data) and (more := connection.recv(65536)):
        data += more
    return data


def is_whole(data):
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= int(length[1] if length else 0)


def pump(source, target, change):
    """Pass on what comes, until one of the two hangs up."""
    with contextlib.suppress(OSError):
        while data := message(source):
            try:
                data = change(data)
            except Exception:
                traceback.print_exc()
                break
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Relay(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as server:
            back = threading.Thread(target=pump, args=(server, self.request, tamper.from_server))
            back.start()
            pump(self.request, server, tamper.from_client)
            back.join()


class Door(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Door(("127.0.0.1", int(sys.argv[1])), Relay) as door:
        door.serve_forever()
