"""A virus scanner that is asked about each file: clamd's INSTREAM command (clamd(8))."""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from contracts.errors import BadInput

__all__ = ["Clamd", "Scan", "ScanState", "Scanner", "clamd_at"]

_CHUNK = 65_536
_ANSWER = 4_096  # octets of an answer that are read
_ADDRESS = re.compile(
    r"(?:tcp://|tcp:)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):(?P<port>\d{1,5})\Z"
)


class ScanState(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"  # it could not be asked, or did not say


@dataclass(frozen=True, slots=True)
class Scan:
    state: ScanState
    name: str = ""  # of what was found
    why: str = ""  # nothing is known
    answered: bool = True  # False: nobody was there, so that the next file need not be tried


class Scanner(Protocol):
    """Implemented by clamd over a socket, and by what a test puts in its place."""

    def scan(self, data: bytes) -> Scan:
        """Never raises: what goes wrong is UNKNOWN."""


class Clamd:
    """One connection for each file. Files stay in memory; nothing is written."""

    def __init__(self, address: str | tuple[str, int], timeout_s: float = 30.0) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def scan(self, data: bytes) -> Scan:
        try:
            with self._connected() as connection:
                answer = _ask(connection, data)
        except (OSError, ValueError) as error:
            why = "it did not answer in time" if isinstance(error, TimeoutError) else str(error)
            said = f"the virus scanner could not be asked: {why}"[:200]
            return Scan(ScanState.UNKNOWN, why=said, answered=False)
        return _read(answer)

    def _connected(self) -> socket.socket:
        if isinstance(self._address, tuple):
            return socket.create_connection(self._address, self._timeout_s)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout_s)
        try:
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


def clamd_at(address: str, timeout_s: float = 30.0) -> Clamd:
    """The scanner at "unix:/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl" or "tcp://host:3310".

    Raises:
        BadInput: it is no such address.
    """
    path = address.removeprefix("unix://").removeprefix("unix:")
    if path.startswith("/"):
        return Clamd(str(Path(path)), timeout_s)
    match = _ADDRESS.match(address)
    if match and 0 < int(match["port"]) < 65_536:
        return Clamd((match["host"].strip("[]"), int(match["port"])), timeout_s)
    raise BadInput(
        f"«{address[:80]}» is no address of clamd: give unix:/run/clamav/clamd.ctl or tcp://host:3310"
    )


def _ask(connection: socket.socket, data: bytes) -> bytes:
    answer = b""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it answers before the end where the file is larger than it takes
    while len(answer) < _ANSWER and not answer.endswith(b"\0"):
        piece = connection.recv(_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _read(answer: bytes) -> Scan:
    """ "stream: OK", "stream: NAME FOUND", or a message that ends with ERROR."""
    text = answer.rstrip(b"\0\r\n").decode("utf-8", "replace")
    found = re.fullmatch(r"stream: (.{1,200}) FOUND", text)
    if found:
        return Scan(ScanState.INFECTED, name=found.group(1))
    if text == "stream: OK":
        return Scan(ScanState.CLEAN)
    said = "".join(char for char in text[:120] if char.isprintable()) or "nothing"
    return Scan(ScanState.UNKNOWN, why=f"the virus scanner said: {said}")
