"""A Chroma server of our own for the tests, started by `chroma run`."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["chroma_server", "free_port"]

_START_S = 60.0


@contextmanager
def chroma_server(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a server that keeps its data in `folder`, stopped at the end.

    Args:
        port: 0 takes a free one.
    """
    port = port or free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--path", str(folder / "data")],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, folder / "server.log")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api/v2/heartbeat", timeout=1).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"chroma run did not answer: {log.read_text(errors='replace')[-500:]}")
