"""A folder that takes mails as .eml files, each of them once.

A maildir (https://cr.yp.to/proto/maildir.html) with names of its own: the key of the
envelope names the file, so that the folder itself knows what it has taken.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from contracts.delivery import Envelope
from delivery.errors import TransportSettingsRefused, TransportUnusable
from delivery.transports import Handover, HandoverStatus

__all__ = ["MaildirTransport"]

_STALE_S = 36 * 3600  # seconds after which a file in tmp/ is a dead worker's, says the maildir page


class MaildirTransport:
    """Delivers into `folder`/new, made when it is missing.

    A mail is written and synced in tmp/, then linked into new/: it is there whole or not at
    all, and a second handover of one envelope finds the name taken.

    Raises:
        TransportSettingsRefused: the folder cannot be made or written.
    """

    leaves_the_house = False

    def __init__(self, folder: Path) -> None:
        self.mark = "maildir-" + hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
        self._tmp, self._new, self._cur = (folder / name for name in ("tmp", "new", "cur"))
        try:
            for part in (self._tmp, self._new, self._cur):
                part.mkdir(parents=True, exist_ok=True)
            self._sweep()
        except OSError as error:
            raise TransportSettingsRefused(
                f"the mail folder cannot be used ({error.strerror}): name another or allow writing"
            ) from error

    def deliver(self, envelope: Envelope, raw: bytes, sender: str, recipient: str) -> Handover:
        """Writes the mail; one that is there already counts as taken and is left as it is.

        Raises:
            TransportUnusable: the folder refuses writing or links; the envelope may be handed
                over again.
        """
        del sender, recipient  # the headers say both
        name = _name(envelope)
        if (self._cur / name).exists():  # somebody has read it
            return Handover(HandoverStatus.TAKEN)
        draft = self._tmp / f"{envelope.claim or 'unclaimed'}-{os.getpid()}-{name}"
        try:
            _write_synced(draft, raw)
            try:
                os.link(draft, self._new / name)
            except FileExistsError:
                return Handover(HandoverStatus.TAKEN)
            finally:
                draft.unlink()
            _sync_folder(self._new)
        except OSError as error:
            raise TransportUnusable(
                f"the mail folder takes no mail ({error.strerror}): free or mend it, then go on"
            ) from error
        return Handover(HandoverStatus.TAKEN)

    def was_taken(self, envelope: Envelope) -> bool:
        """Whether its file is there, wherever a mail program moved it inside the maildir."""
        name = _name(envelope)
        # Mail programs add flags to the names of what they move to cur/: "key.eml:2,S".
        return (self._new / name).exists() or any(self._cur.glob(f"{name}*"))

    def close(self) -> None:
        """Nothing is held open."""

    def _sweep(self) -> None:
        oldest = time.time() - _STALE_S
        for left in self._tmp.glob("*.eml"):
            if left.stat().st_mtime < oldest:
                left.unlink(missing_ok=True)


def _name(envelope: Envelope) -> str:
    if not (envelope.key.isascii() and envelope.key.isalnum()):
        raise TransportUnusable("an envelope's key cannot name a file: plan the campaign again")
    return f"{envelope.key}.eml"


def _write_synced(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a loss of power, where the system can (not on Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
