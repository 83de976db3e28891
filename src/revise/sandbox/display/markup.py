"""The little HTML that all displays share: escaped text, folds, one style sheet."""

import html
import re

# Theme variables with fallbacks, and half-transparent greys: the same rules read well in
# JupyterLab's light and dark themes, in VS Code and on a feedback page, where no theme is set.
# The class is doubled because JupyterLab's own rules for outputs are as specific as one class.
STYLE = (
    "<style>"
    ".revise.revise{font-size:var(--jp-code-font-size,13px);line-height:1.45}"
    ".revise.revise pre,.revise.revise code,.revise.revise table{font-family:var(--jp-code-font-family,monospace);font-size:inherit}"
    ".revise.revise pre{white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal;margin:0 0 .5em;padding:.4em .7em;"
    "color:inherit;background:rgba(128,128,128,.1);border-radius:3px}"
    ".revise.revise details{margin:0 0 .5em}"
    ".revise.revise summary{cursor:pointer;opacity:.75}"
    ".revise.revise .rv-wide{overflow-x:auto;margin:0 0 .5em}"
    ".revise.revise table{border-collapse:collapse;margin:0}"
    ".revise.revise td,.revise.revise th{text-align:left;padding:.2em .7em;white-space:pre-wrap;vertical-align:top;"
    "border-bottom:1px solid rgba(128,128,128,.3)}"
    ".revise.revise .rv-number{text-align:right}"
    ".revise.revise .rv-dim{opacity:.7}"
    ".revise.revise .rv-good{color:var(--jp-success-color1,#388e3c)}"
    ".revise.revise .rv-note{color:var(--jp-warn-color0,#c77700)}"
    ".revise.revise .rv-bad{color:var(--jp-error-color1,#d32f2f)}"
    "</style>"
)

# A terminal acts on control characters (and a body is the learner's): show their pictures instead.
CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {
    127: 0x2421
}


def visible(text):
    """Return ``text`` with LF line ends and no character that a terminal would act on."""
    return str(text).replace("\r\n", "\n").translate(CONTROL_PICTURES)


def escape(text):
    """Return ``text`` ready to stand between tags.

    Quotes stay: there they are harmless, the output reads better in the notebook's file, and the
    patterns that clean tokens out of outputs (``revise/patterns.cfg``) find what they look for.
    """
    return html.escape(visible(text), quote=False)


def attribute(text):
    """Return ``text`` ready to stand in an attribute, within double quotes."""
    return html.escape(visible(text), quote=True)


def page(*parts):
    """Return the parts, which are HTML, as one self-contained piece; empty ones are left out."""
    return STYLE + '<div class="revise">' + "".join(part for part in parts if part) + "</div>"


def pre(text, css=""):
    """Return ``text``, which is not HTML, as preformatted text that wraps; nothing for no text."""
    if not text:
        return ""
    return f"<pre{_css(css)}>{escape(text)}</pre>"


def span(text, css):
    """Return ``text``, which is not HTML, in a class of the style sheet."""
    return f"<span{_css(css)}>{escape(text)}</span>"


def details(summary, inner, opened=False):
    """Fold ``inner``, which is HTML, under ``summary``, which is not; nothing to fold, no fold."""
    if not inner:
        return ""
    return (
        f"<details{' open' if opened else ''}><summary>{escape(summary)}</summary>{inner}</details>"
    )


def count(number, noun):
    """Return ``1 row``, ``2 rows``, ``1,234 rows``, ``3 queries``."""
    plural = re.sub(r"y$", "ie", noun) + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def _css(name):
    return f' class="{attribute(name)}"' if name else ""
