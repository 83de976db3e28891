"""What one cell puts out, in nbformat's shapes, and no more of it than is allowed."""

import io
from collections.abc import Iterable

CUT = "\n… cut: this cell put out more than is kept.\n"
KINDS = {
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}
DEFAULT_MOST = 1_000_000
MOST_OUTPUTS = 1000


class Outputs:
    """Collects the outputs of a cell, ``most`` characters and ``MOST_OUTPUTS`` pieces of them."""

    def __init__(self, most: int = DEFAULT_MOST):
        self.left = most
        self.list: list[dict] = []
        self.is_cut = False
        self.stdout, self.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")

    def text(self, name: str, text: str) -> None:
        """Add to the stream ``name``."""
        if self.is_cut or not text:
            return
        kept, self.left = text[: self.left], self.left - len(text)
        last = self.list[-1] if self.list else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["parts"].append(kept)
        elif len(self.list) < MOST_OUTPUTS:
            self.list.append({"output_type": "stream", "name": name, "parts": [kept]})
        if self.left < 0 or len(self.list) >= MOST_OUTPUTS:
            self._cut()

    def display(self, data: dict, metadata: dict) -> None:
        """Add something displayed."""
        self._add({"output_type": "display_data", "data": data, "metadata": metadata})

    def result(self, data: dict, metadata: dict, number: int) -> None:
        """Add the value of the cell's last expression."""
        shown = {"data": data, "metadata": metadata, "execution_count": number}
        self._add({"output_type": "execute_result", **shown})

    def error(self, etype, evalue, lines: Iterable[str]) -> None:
        """Add the error that ended the cell; it is kept whatever came before."""
        try:
            words = str(evalue)
        except Exception:
            words = "<its message cannot be shown>"
        traceback = [str(line)[:DEFAULT_MOST] for line in lines]
        name = getattr(etype, "__name__", str(etype))
        self.add_error(name, words[:DEFAULT_MOST], traceback)

    def add_error(self, name: str, words: str, traceback: list[str] | None = None) -> None:
        """Add an error by its name and words."""
        shown = {"ename": name, "evalue": words, "traceback": traceback or [f"{name}: {words}"]}
        self.list.append({"output_type": "error", **shown})

    def clear(self) -> None:
        """Forget everything so far."""
        self.list.clear()

    def taken(self) -> list[dict]:
        """Return the outputs as plain data."""
        return [_joined(one) for one in self.list]

    def _add(self, output: dict) -> None:
        if self.is_cut:
            return
        data = {str(kind): _plain(value) for kind, value in output["data"].items()}
        self.left -= sum(len(str(value)) for value in data.values())
        if self.left < 0 or len(self.list) >= MOST_OUTPUTS:
            self._cut()
        else:
            self.list.append({**output, "data": data, "metadata": _plain(output["metadata"])})

    def _cut(self) -> None:
        """Say that there was more, and keep no more."""
        self.is_cut = True
        self.list.append({"output_type": "stream", "name": "stdout", "parts": [CUT]})


class _Stream(io.TextIOBase):
    """A text stream whose text becomes an output."""

    def __init__(self, outputs: Outputs, name: str):
        self._outputs, self._name = outputs, name

    @property
    def encoding(self):
        return "utf-8"

    def writable(self):
        """Say that it can be written."""
        return True

    def write(self, text):
        """Keep ``text``."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.text(self._name, text)
        return len(text)


def checked(outputs: object, most: int) -> list[dict]:
    """Return outputs that came from a learner's process as outputs of nbformat's shapes.

    Whatever is of another shape is left out, and what is over ``most`` characters as well.
    """
    found = []
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        fields = KINDS.get(kind) if isinstance(kind, str) else None
        if fields is None or not all(_is_sound(field, output.get(field)) for field in fields):
            continue
        most -= len(str(output))
        if most < 0 or len(found) >= MOST_OUTPUTS:
            found.append({"output_type": "stream", "name": "stdout", "text": CUT})
            break
        found.append({"output_type": kind, **{field: output[field] for field in fields}})
    return found


def _is_sound(field: str, value: object) -> bool:
    if field == "name":
        return value in ("stdout", "stderr")
    if field == "traceback":
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    if field == "data":
        return isinstance(value, dict) and all(_is_text(*one) for one in value.items())
    if field == "metadata":
        return isinstance(value, dict)
    if field == "execution_count":
        return value is None or type(value) is int
    return isinstance(value, str)


def _is_text(kind: str, value: object) -> bool:
    """nbformat: JSON under a JSON media type, text under every other."""
    return isinstance(value, str) or kind == "application/json" or kind.endswith("+json")


def _joined(output: dict) -> dict:
    parts = output.get("parts")
    if parts is None:
        return output
    rest = {name: value for name, value in output.items() if name != "parts"}
    return {**rest, "text": "".join(parts)}


def _plain(value: object) -> object:
    """Return JSON's data for what a formatter gave: bytes are base64, as in a kernel's message."""
    if isinstance(value, bytes):
        from base64 import encodebytes

        return encodebytes(value).decode("ascii")
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
