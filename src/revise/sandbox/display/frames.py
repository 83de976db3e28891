"""A page of the project in a frame under the cell.

The browser decides where the page is, because only it knows how it reached Jupyter: on the same
machine the project's own port, from anywhere else Jupyter's proxy.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from .markup import attribute, escape, page

PAGE = "data-revise-page"  # the attribute that makes a frame one of ours

# Every frame that has no address yet gets one: so the script needs no generated id, the same
# cell gives the same output, and two frames of one page do not meet.
#
# On the machine itself the frame keeps the name that the notebook was opened with: "localhost"
# and "127.0.0.1" are different sites to a browser, and a session cookie (SameSite=Lax) is not
# sent to a frame of another site. The projects do not listen on ::1, so that goes to localhost.
#
# On a hub the page goes through Jupyter's proxy also where the hub's own name is localhost: a cluster
# that is reached through a forwarded port has that name too, and its projects run elsewhere.
SCRIPT = """
(() => {
  const config = document.getElementById("jupyter-config-data");
  const guess = location.pathname.match(/^(.*?\\/)(lab|notebooks|tree|nbclassic|doc|voila)(\\/|$)/);
  let base = guess ? guess[1] : "/";
  let hub = false;
  try {
    const told = JSON.parse(config.textContent);
    base = told.baseUrl || base;
    hub = Boolean(told.hubPrefix);
  } catch (error) { /* not JupyterLab */ }
  const here = !hub && {"localhost": "localhost", "127.0.0.1": "127.0.0.1", "[::1]": "localhost"}[location.hostname];
  for (const frame of document.querySelectorAll("iframe[data-revise-page]:not([src])")) {
    const {port, pathname, search, hash} = new URL(frame.dataset.revisePage);
    const path = pathname + search + hash;
    const src = here ? `http://${here}:${port}${path}` : `${base}proxy/${port}${path}`;
    const link = frame.parentElement.querySelector("a[data-revise-link]");
    if (link) link.href = src;
    frame.src = src;
  }
})();
"""


@dataclass(frozen=True)
class Frame:
    """A page, to be shown in a frame ``height`` pixels high."""

    url: str
    path: str = "/"
    height: int = 400

    def _repr_mimebundle_(self, include=None, exclude=None):
        return frame_bundle(self.url, self.path, self.height)


def frame(url, path="/", height=400):
    """Return the page ``path`` of the server at ``url`` (``http://127.0.0.1:PORT``), ready to be shown."""
    return Frame(url, path, height)


def frame_bundle(url, path="/", height=400):
    """Return the MIME bundle of a frame. Raises ``ValueError`` when the URL has no port."""
    port = urlsplit(url).port
    if port is None:
        raise ValueError(f"a frame needs a URL with a port, not {url!r}")
    path = "/" + path.lstrip("/")
    # Written as an address, so that the patterns that clean ports out of outputs see this one.
    address = attribute(f"http://127.0.0.1:{port}{path}")
    return {
        "text/plain": f"{path} (run this cell in JupyterLab to see the page)",
        "text/html": page(
            f'<iframe {PAGE}="{address}" title="{attribute(path)}" '
            f'style="width:100%;height:{int(height)}px;border:1px solid rgba(128,128,128,.4);background:#fff"></iframe>'
            f'<a data-revise-link href="{address}" target="_blank" rel="noopener">{escape(path)}</a>'
            f" in a window of its own<script>{SCRIPT}</script>"
        ),
    }
