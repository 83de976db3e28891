"""Run notebooks so that no cell can hold them up."""

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

# Seconds for a cell to end after it was interrupted: a `finally` may have something to close.
GRACE = 3


class Client(NotebookClient):
    """A NotebookClient that gives up on a cell which takes no notice of being interrupted.

    ``interrupt_on_timeout`` sends KeyboardInterrupt and then waits for ever: a bare ``except:`` in
    an endless loop is enough to hang it. This one waits ``GRACE`` seconds, kills the kernel and
    raises nbclient's ``DeadKernelError``, as for a kernel that died by itself.
    """

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None):
        reply = await super()._async_handle_timeout(timeout, cell)
        # The reply is only looked for here, and read by the caller.
        if reply is None and not await self.kc.shell_channel.socket.poll(GRACE * 1000):
            await self.km.shutdown_kernel(now=True)
            raise DeadKernelError(
                f"a cell ran for {timeout} seconds and did not end when interrupted"
            )
        return reply
