"""A process of its own for the libraries that parse what strangers wrote.

A file that makes a parser crash, loop or eat memory costs that process, not ours: the file
is refused and the next one gets a new process. It is started (never forked) with the first
file that needs it, serves one file after the other, holds no secrets of our environment,
and ends with the `with` block.

Limits are `MEMORY_BYTES` of address space (where the platform can set that: not on
Windows, and not reliably on macOS) and `TIME_SECONDS` for a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from knowledge_base.readers.limits import MEMORY_BYTES, TIME_SECONDS
from knowledge_base.readers.reading import Refused

__all__ = ["ParserProcess", "receive", "send"]

_ANSWER_BYTES = 100_000_000
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "HOME")


class ParserProcess:
    """Asks the parsing process; starts it where there is none. Not for several threads."""

    def __init__(
        self, *, memory_bytes: int = MEMORY_BYTES, time_seconds: float = TIME_SECONDS
    ) -> None:
        self._memory_bytes, self._time_seconds = memory_bytes, time_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now; None where none does."""
        return self._process.pid if self._process else None

    def ask(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to one request (see `worker`).

        Raises:
            Refused: the file was refused, or the process crashed over it or took too long.
        """
        process = self._process = self._process or self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._time_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            send(process.stdin, request)
            answer = receive(process.stdout, _ANSWER_BYTES)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise Refused(0, self._why(late.is_set())) from error
        except BaseException:  # an interrupt leaves an answer that nobody fetched
            self.close()
            raise
        finally:
            timer.cancel()
        if "refused" in answer:
            raise Refused(int(answer.get("line", 0)), str(answer["refused"]))
        return answer

    def close(self) -> None:
        """End the process; the next `ask` starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was still to be written has nobody to read it
                    continue

    def _why(self, late: bool) -> str:
        if late:
            return (
                f"took longer than {self._time_seconds:g} seconds to read; "
                "split the document or save it anew"
            )
        return (
            f"cannot be read: the parser broke down over it within "
            f"{self._memory_bytes // 1_000_000} MB of memory; split the document or save it anew"
        )

    def _started(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).parents[2])
        environment = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join([root, *(part for part in sys.path if part)]),
            "PYTHONIOENCODING": "utf-8",
            # Each thread of a numeric library claims address space of its own.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [
                *(sys.executable, "-P", "-m", "knowledge_base.readers.worker"),
                *(str(self._memory_bytes), str(self._time_seconds)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # an interrupt of ours ends it through `close`
        )


def send(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    """One message: its length in eight bytes, then JSON."""
    data = json.dumps(message).encode("ascii")
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def receive(stream: IO[bytes], limit: int) -> dict[str, Any]:
    """The next message.

    Raises:
        EOFError: the other side ended, in the middle of a message or before.
        ValueError: the message is longer than `limit` bytes or is none.
    """
    head = _exactly(stream, 8)
    length = int.from_bytes(head, "big")
    if length > limit:
        raise ValueError(f"a message of {length} bytes")
    message = json.loads(_exactly(stream, length))
    if not isinstance(message, dict):
        raise ValueError("a message that is no object")
    return message


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data
