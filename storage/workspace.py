"""A workspace: one folder that holds everything Mailwright keeps."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import Unreadable, WorkspaceBusy

__all__ = ["Workspace"]

_SECRET_BYTES = 32


class Workspace:
    """The paths in a folder. The folder is made on first use, for its owner only."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r})"

    @property
    def database(self) -> Path:
        return self.folder / "records.db"

    @property
    def url(self) -> str:
        """The address of the embedded database, for `open_store`."""
        return f"sqlite:///{self.database.absolute()}"

    @property
    def chroma(self) -> Path:
        return self.folder / "chroma"

    @property
    def maildir(self) -> Path:
        return self.folder / "maildir"

    @property
    def token_file(self) -> Path:
        """Holds the token of the person who works here, where MAILWRIGHT_TOKEN is not set."""
        return self.folder / "token"

    @property
    def secret_file(self) -> Path:
        return self.folder / "secret.key"

    @property
    def lock_file(self) -> Path:
        return self.folder / "lock"

    def make(self) -> Workspace:
        """The folder exists; safe to call again."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def secret(self) -> bytes:
        """32 random bytes, made once. Losing them makes the suppression list unreadable.

        Raises:
            Unreadable: the file does not hold 32 bytes.
        """
        self.make()
        if not self.secret_file.exists():
            self._write_secret()
        secret = self.secret_file.read_bytes()
        if len(secret) != _SECRET_BYTES:
            raise Unreadable(
                "secret.key of the workspace is damaged; restore it from a backup, because "
                "the suppression list cannot be read without it"
            )
        return secret

    def _write_secret(self) -> None:
        # Written aside and linked into place, so that no other process reads half of it and
        # the first of two that start together wins.
        aside = self.folder / f".secret-{secrets.token_hex(8)}"
        _write_private(aside, secrets.token_bytes(_SECRET_BYTES))
        try:
            with suppress(FileExistsError):
                os.link(aside, self.secret_file)
        finally:
            aside.unlink()

    def write_token(self, token: str) -> None:
        """Keep a token in the workspace, readable by its owner only."""
        self.make()
        aside = self.folder / f".token-{secrets.token_hex(8)}"
        _write_private(aside, token.encode("utf-8"))
        aside.replace(self.token_file)

    def token(self) -> str | None:
        """The token that is kept here; None where there is none."""
        try:
            return self.token_file.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    @contextmanager
    def lock(self, timeout_s: float = 30.0) -> Iterator[None]:
        """Be the only writer of what the database does not guard (the vector index).

        The system lets go of the lock when the process ends, however it ends. Not to be
        taken twice by one process: the second waits for the first.

        Raises:
            WorkspaceBusy: another holds it for longer than `timeout_s` seconds.
        """
        self.make()
        until = time.monotonic() + timeout_s
        with self.lock_file.open("a+b") as file:
            while not _try_lock(file.fileno()):
                if time.monotonic() >= until:
                    raise WorkspaceBusy
                time.sleep(0.05)
            try:
                yield
            finally:
                _unlock(file.fileno())


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
