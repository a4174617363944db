"""Where the vectors are: ChromaDB in a folder of this machine (here), or a ChromaDB server
(`chromaserver.py`).

The folder is made safe for several processes: one writer at a time, by a lock, and readers
that open it anew when another process has written (an open embedded client still returns what
another process deleted, and two writers at once lose vectors; seen with chromadb 1.5.9).
"""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.errors import IndexBusy, IndexUnreadable, ShelfGone
from knowledge_base.shelves import PREFIX, Shelves

__all__ = ["LOCK_WAIT_S", "EmbeddedVectors", "Vectors", "open_embedded", "write_lock"]

LOCK_WAIT_S = 30.0
_OPEN: dict[Path, EmbeddedVectors] = {}
_OPEN_LOCK = threading.Lock()


class Vectors(Protocol):
    """A place for vectors. Two satisfy it: `EmbeddedVectors` and `ServerVectors`."""

    def reading(self) -> AbstractContextManager[Shelves]:
        """A context that gives the `Shelves` as the last writer left them.

        Raises:
            IndexUnreadable: they cannot be opened or read.
            ShelfGone: what is read was taken away by a writer.
        """

    def writing(self, wait_s: float = LOCK_WAIT_S) -> AbstractContextManager[Shelves]:
        """A context that gives the `Shelves` with no other writer until its end.

        Raises:
            IndexBusy: another process kept writing for `wait_s` seconds.
            IndexUnreadable: they cannot be opened.
        """

    def clear(self) -> None:
        """Take everything away, also what cannot be opened any more; within `writing`'s lock."""

    def close(self) -> None: ...


class EmbeddedVectors:
    """The one Chroma client of this process for a folder, shared by all who open it.

    Chroma keeps one system per folder and process: two clients that reopen at different
    times would hand each other stale data, so there is only one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._shelves: Shelves | None = None
        self._version = ""
        self.users = 0

    @contextmanager
    def reading(self) -> Iterator[Shelves]:
        with self._lock, self._translated():
            yield self._opened()

    @contextmanager
    def writing(self, wait_s: float = LOCK_WAIT_S) -> Iterator[Shelves]:
        # Readers of this process go on beside the writer: Chroma's client takes both.
        with write_lock(self._folder, wait_s), self._translated():
            with self._lock:
                shelves = self._opened()
            try:
                yield shelves
            finally:
                with self._lock:
                    self._stamp()

    def clear(self) -> None:
        with self._lock:
            self._shut()
            for entry in self._folder.glob("*"):
                if entry.name not in ("writer.lock", "version"):
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            self._stamp()

    def close(self) -> None:
        """Leave the folder to the others who opened it; the last one shuts it."""
        with _OPEN_LOCK:
            self.users -= 1
            if self.users <= 0:
                _OPEN.pop(self._folder, None)
                self._shut()

    def _shut(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._shelves = None

    def _opened(self) -> Shelves:
        version = self._read_stamp()
        if self._client is not None and version != self._version:
            self._shut()  # an open client never sees what another process deleted
        try:
            if self._client is None:
                self._client = _embedded_client(self._folder)
                self._version = version
            if self._shelves is None:
                self._shelves = Shelves(self._client, PREFIX, own=True)
            return self._shelves
        except IndexUnreadable:
            self._shut()
            raise
        except Exception as error:  # Chroma raises what its Rust side does: no common base
            self._shut()
            raise IndexUnreadable from error

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import chromadb.errors

        try:
            yield
        except chromadb.errors.ChromaError as error:
            self._shut()
            gone = isinstance(error, chromadb.errors.NotFoundError)
            raise (ShelfGone if gone else IndexUnreadable) from error

    def _read_stamp(self) -> str:
        try:
            return (self._folder / "version").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def _stamp(self) -> None:
        self._version = uuid.uuid4().hex
        fresh = self._folder / f"version.{os.getpid()}"
        fresh.write_text(self._version, encoding="utf-8")
        fresh.replace(self._folder / "version")


def open_embedded(folder: Path) -> EmbeddedVectors:
    """The vectors of a folder; `close` it as often as it was opened."""
    key = folder.resolve()
    with _OPEN_LOCK:
        found = _OPEN.setdefault(key, EmbeddedVectors(key))
        found.users += 1
        return found


@contextmanager
def write_lock(folder: Path, wait_s: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "writer.lock", timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy from error
    try:
        yield
    finally:
        lock.release()


def _embedded_client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False)
        )
    except BaseException:
        # Chroma keeps what it could not start, and would hand it out again after a rebuild.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
