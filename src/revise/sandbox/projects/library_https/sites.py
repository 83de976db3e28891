"""Sites with certificates of all kinds: python sites.py SITES

SITES is a JSON list; each of its objects is one site, on a port of its own. What it may say, and what holds if it does not:
  name    what the site is called in ports.json, which says on which port it is
  hosts   ["127.0.0.1"]: the names in its certificate
  days    [-1, 30]: from when to when the certificate is valid, counted from now
  issuer  "authority", whose certificate is in sites.authority.pem; "middle", which the authority has signed;
          "stranger", an authority that nobody knows; "itself"; or "nobody": the site speaks plain HTTP
  sends_chain  true: whether the site sends the certificates between its own and the authority's
  sends_root   false: whether it sends the authority's as well, which no client needs
"""

import http.server
import json
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

AUTHORITY, STRANGER = (trustme.CA(organization_name=name) for name in ("Public library", "Nobody"))
ISSUERS = {"authority": AUTHORITY, "middle": AUTHORITY.create_child_ca(), "stranger": STRANGER}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"books")

    def log_message(self, *_):
        """Print nothing."""


def certificate(hosts, days, issuer, sends_chain, sends_root):
    """Return the site's key and certificates, as PEM."""
    begins, ends = (datetime.now(UTC) + timedelta(days=day) for day in days)
    if issuer == "itself":
        made = trustme.CA(organization_name="Self")
        return made.private_key_pem.bytes() + made.cert_pem.bytes()
    made = ISSUERS[issuer].issue_cert(*hosts, not_before=begins, not_after=ends)
    chain = made.cert_chain_pems if sends_chain else made.cert_chain_pems[:1]
    root = [ISSUERS[issuer].cert_pem] if sends_root else []
    return b"".join(pem.bytes() for pem in (made.private_key_pem, *chain, *root))


def serve(
    name,
    hosts=("127.0.0.1",),
    days=(-1, 30),
    issuer="authority",
    sends_chain=True,
    sends_root=False,
):
    """Open the door of one site; return its port."""
    door = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    if issuer != "nobody":
        pem = Path(f"site.{name.replace(' ', '-')}.pem")
        pem.write_bytes(certificate(hosts, days, issuer, sends_chain, sends_root))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        door.socket = context.wrap_socket(
            door.socket, server_side=True, do_handshake_on_connect=False
        )
    door.handle_error = lambda *_: None
    threading.Thread(target=door.serve_forever).start()
    return door.server_address[1]


if __name__ == "__main__":
    AUTHORITY.cert_pem.write_to_path("sites.authority.pem")
    ports = {site["name"]: serve(**site) for site in json.loads(sys.argv[1])}
    Path("ports.json").write_text(json.dumps(ports))
    print("ready")
