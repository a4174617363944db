"""ChromaDB on disk, made safe for several processes: one writer at a time, and readers that
notice when another process has written (see "Known traps" in the design)."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge_base.errors import IndexBusy, IndexUnreadable

if TYPE_CHECKING:
    from langchain_chroma import Chroma

__all__ = ["LOCK_WAIT_S", "Store", "open_store"]

LOCK_WAIT_S = 30.0
_COLLECTION = "passages"
_OPEN: dict[Path, Store] = {}
_OPEN_LOCK = threading.Lock()


class Store:
    """The one Chroma client of this process for a folder, shared by all who open it.

    Chroma keeps one system per folder and process: two clients that reopen at different
    times would hand each other stale data, so there is only one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._version = ""
        self.users = 0

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """The collection as the last writer, of any process, left it.

        Raises:
            IndexUnreadable: Chroma cannot open the folder.
        """
        with self._lock:
            yield self._collection()

    @contextmanager
    def writing(self, wait_s: float = LOCK_WAIT_S) -> Iterator[Any]:
        """The collection, with no other writer in any process until the end.

        Raises:
            IndexBusy: another process kept writing for `wait_s` seconds.
            IndexUnreadable: Chroma cannot open the folder.
        """
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "writer.lock", timeout=wait_s)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusy from error
        try:
            with self._lock:
                try:
                    yield self._collection()
                finally:
                    self._stamp()
        finally:
            lock.release()

    def vector_store(self, embeddings: Any) -> Chroma:
        """LangChain's view of the collection. Use within `reading` or `writing`.

        Args:
            embeddings: what satisfies LangChain's `Embeddings`.
        """
        from langchain_chroma import Chroma

        return Chroma(
            client=self._client,
            collection_name=_COLLECTION,
            embedding_function=embeddings,
            create_collection_if_not_exists=False,
        )

    def batch_limit(self) -> int:
        """How many rows one write may have. Use within `writing`."""
        return int(self._client.get_max_batch_size())

    def clear(self) -> None:
        """Take everything out. Use within `writing`; the collection it gave is gone."""
        self._client.delete_collection(_COLLECTION)
        (self._folder / "model.json").unlink(missing_ok=True)

    def model(self) -> str:
        """The embedding model that the vectors are of, "" while there are none."""
        try:
            text = (self._folder / "model.json").read_text(encoding="utf-8")
            return str(json.loads(text)["model"])
        except FileNotFoundError:
            return ""
        except (OSError, ValueError, KeyError) as error:
            raise IndexUnreadable from error

    def set_model(self, name: str) -> None:
        _replace(self._folder / "model.json", json.dumps({"model": name}))

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _collection(self) -> Any:
        version = self._read_stamp()
        if self._client is not None and version != self._version:
            self.close()  # an open client never sees what another process deleted
        try:
            if self._client is None:
                self._open()
                self._version = version
            return self._client.get_or_create_collection(
                _COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
        except IndexUnreadable:
            raise
        except Exception as error:  # Chroma raises what its Rust side does: no common base
            self.close()
            raise IndexUnreadable from error

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(
            path=str(self._folder), settings=Settings(anonymized_telemetry=False)
        )

    def _read_stamp(self) -> str:
        try:
            return (self._folder / "version").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def _stamp(self) -> None:
        self._version = uuid.uuid4().hex
        _replace(self._folder / "version", self._version)


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of a folder; closed when the last who opened it is done."""
    key = folder.resolve()
    with _OPEN_LOCK:
        store = _OPEN.setdefault(key, Store(key))
        store.users += 1
    try:
        yield store
    finally:
        with _OPEN_LOCK:
            store.users -= 1
            if not store.users:
                del _OPEN[key]
                store.close()


def _replace(file: Path, text: str) -> None:
    """Write so that a reader sees the old or the new text, never a part."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
