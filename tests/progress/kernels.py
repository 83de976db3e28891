"""A real kernel, asked to run cells as a notebook's frontend asks."""

from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.manager import KernelManager

SECONDS = 120


@dataclass
class Ran:
    """What came back from one cell."""

    status: str
    outputs: list[dict] = field(default_factory=list)

    def text(self, output_type: str) -> list[str]:
        """The plain text of the outputs of a type."""
        return ["\n".join(_texts(one)) for one in self.outputs if one["output_type"] == output_type]

    @property
    def marks(self) -> list[str]:
        return self.text("display_data")

    @property
    def html(self) -> str:
        return "".join(one.get("data", {}).get("text/html", "") for one in self.outputs)


def _texts(output):
    if output["output_type"] == "error":
        return output["traceback"]
    return [output["text"] if "text" in output else output["data"]["text/plain"]]


class Kernel:
    """A kernel in ``folder``, started as Jupyter Server starts one for ``notebook``."""

    def __init__(self, folder: Path, env: dict[str, str], notebook: Path | None = None):
        session = {"JPY_SESSION_NAME": str(notebook)} if notebook else {}
        sockets = folder / "kernel"
        self.manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(sockets))
        self.manager.start_kernel(cwd=str(folder), env={**env, **session})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def run(self, code: str, cell_id: str | None = None, metadata: dict | None = None) -> Ran:
        """Run ``code`` with ``cell_id`` (none: as nbclient does) and the cell's own metadata."""
        asked = self.client.session.msg(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "user_expressions": {},
             "allow_stdin": False, "stop_on_error": False},
            metadata={**(metadata or {}), **({"cellId": cell_id} if cell_id else {})},
        )  # fmt: skip
        self.client.shell_channel.send(asked)
        ran = Ran("")
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != asked["header"]["msg_id"]:
                continue
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                ran.outputs.append({"output_type": message["msg_type"], **message["content"]})
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        reply = self.client.get_shell_msg(timeout=SECONDS)
        while reply["parent_header"].get("msg_id") != asked["header"]["msg_id"]:
            reply = self.client.get_shell_msg(timeout=SECONDS)
        ran.status = reply["content"]["status"]
        return ran

    def stop(self) -> None:
        """Shut the kernel down in order, as closing a notebook does."""
        self.client.stop_channels()
        self.manager.shutdown_kernel()
