"""A notebook's cells in a plain process: IPython's shell, as a kernel has it, without a kernel.

Cells run inside an event loop, as in ipykernel: ``await`` works at the top level, ``asyncio.run``
does not, and Django's ORM says that it is called from an async context.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from .outputs import Outputs


class _Results(DisplayHook):
    """Takes the value of a cell's last expression."""

    def write_output_prompt(self):
        """Say nothing: the prompt is not part of an output."""

    def write_format_data(self, format_dict, md_dict=None):
        """Keep what the value looks like."""
        self.shell.outputs.result(format_dict, md_dict or {}, self.prompt_count)

    def finish_displayhook(self):
        """Say nothing: no line ends here."""


class _Displays(DisplayPublisher):
    """Takes what a cell displays."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        """Keep ``data``; an update of an earlier display is kept as a display of its own."""
        self.shell.outputs.display(data, metadata or {})

    def clear_output(self, wait=False):
        """Forget what the cell has put out so far."""
        self.shell.outputs.clear()


class Shell(InteractiveShell):
    """IPython's shell whose outputs are kept in ``outputs`` (`Outputs`), for one cell at a time."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def __init__(self, **options):
        self.outputs = Outputs()
        super().__init__(**options)
        self.history_manager.enabled = False

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.error(etype, evalue, stb)

    def ask_exit(self):
        """Go on: ``exit()`` and ``quit()`` end no notebook."""

    def enable_gui(self, gui=None):
        """Start no loop of a window system: ``%matplotlib inline`` asks for none."""

    def init_virtualenv(self):
        """Leave sys.path alone."""

    def init_history(self):
        """Keep no history file."""
        super().init_history()

    async def run(self, source: str, outputs: Outputs) -> bool:
        """Run a cell; what it puts out goes to ``outputs``. Return whether it raised nothing."""
        self.outputs = outputs
        with contextlib.redirect_stdout(outputs.stdout), contextlib.redirect_stderr(outputs.stderr):
            problem = None
            try:
                transformed = self.transform_cell(source)
            except Exception:
                transformed, problem = source, sys.exc_info()
            result = await self.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=problem,
            )
            with contextlib.suppress(Exception):  # a learner's own hook
                self.events.trigger("post_execute")
                self.events.trigger("post_run_cell", result)
        return result.success


def make_shell() -> Shell:
    """Return this process's shell; `get_ipython()` finds it. Once per process."""
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "neutral"
    config.InteractiveShell.cache_size = 0
    return Shell.instance(config=config)


def run_until_complete(loop: asyncio.AbstractEventLoop, work: Coroutine):
    """Run ``work`` as a kernel does: SIGINT raises KeyboardInterrupt in a cell, and cancels one that waits."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    task = loop.create_task(work)
    while True:
        try:
            return loop.run_until_complete(task)
        except KeyboardInterrupt:
            if task.done():
                raise
            task.cancel()
