"""What a cell said when it ran, as plain text that is safe to show anywhere."""

from dataclasses import dataclass

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

# A learner's print in a loop must not make a page that a phone cannot open.
MOST_CHARACTERS = 4000


@dataclass(frozen=True)
class Said:
    """The words of the error (or of stderr), the whole traceback, and what was printed."""

    words: str = ""
    traceback: str = ""
    printed: str = ""


def said_by(cell: NotebookNode) -> Said:
    """Return what an executed code cell said; rich outputs count by their plain text only."""
    words, tracebacks, printed = [], [], []
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            words.append(error_words(output))
            tracebacks.append("\n".join(output.get("traceback", [])))
        elif output.output_type == "stream" and output.name == "stderr":
            words.append(f"It wrote on stderr, which costs its points: {output.text.strip()}")
        elif output.output_type == "stream":
            printed.append(output.text)
        else:
            printed.append(f"{output.get('data', {}).get('text/plain', '')}\n")
    return Said(_plain("\n".join(words)), _plain("\n".join(tracebacks)), _plain("".join(printed)))


def error_words(error: NotebookNode) -> str:
    """Return an error's words; a failed check's message speaks for itself, without its type."""
    name, message = error.get("ename", "Error"), error.get("evalue", "").strip()
    # pytest's rewriting adds the compared values below the author's message: for the traceback.
    message = message.partition("\nassert ")[0].strip() or message
    if name in ("AssertionError", "NotAttempted") and message:
        return message
    return f"{name}: {message}" if message else name


def _plain(text: str) -> str:
    text = strip_ansi(text).strip("\n")
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}\n… (cut)"
