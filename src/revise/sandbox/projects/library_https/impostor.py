"""An impostor: python impostor.py PORT

Speaks TLS on PORT with a certificate that it made itself, shows a form like the library's, and prints what it is told.
"""

import http.server
import ssl
import sys
from pathlib import Path

import trustme

FORM = b'<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="token"></form>'


class Impostor(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Set-Cookie", "csrftoken=token; Path=/")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(FORM)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print("TOLD", body.decode(), flush=True)
        self.send_response(302)
        self.send_header("Set-Cookie", "sessionid=welcome; Path=/")
        self.send_header("Location", "/")
        self.end_headers()

    def log_message(self, *_):
        """Print nothing else."""


if __name__ == "__main__":
    pem = Path("impostor.pem")
    made = trustme.CA(organization_name="Nobody").issue_cert("localhost", "127.0.0.1")
    made.private_key_and_cert_chain_pem.write_to_path(pem)
    door = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Impostor)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    door.socket = context.wrap_socket(door.socket, server_side=True, do_handshake_on_connect=False)
    door.handle_error = lambda *_: None  # a client that does not trust it hangs up
    door.serve_forever()
