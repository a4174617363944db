"""SpamAssassin's own opinion of mails, where it is installed: local rules only, nothing learnt."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from contracts.seams import Progress
from evaluation.spam.daemons import SpamAssassin

__all__ = ["running_spamd", "spamassassin_scores"]

_START_S = 90.0
_EACH_S = 120.0
_CHILDREN = 2


def spamassassin_scores(messages: Sequence[bytes], progress: Progress) -> list[float] | None:
    """Points of each message; None where the program is not installed, does not start or does
    not answer for one of them."""
    with running_spamd() as address:
        if address is None:
            return None
        asked = SpamAssassin(address, _EACH_S)
        scores: list[float] = []
        progress.start("spamassassin", len(messages))
        with ThreadPoolExecutor(_CHILDREN) as pool:
            for answer in pool.map(asked.ask, messages):
                if answer.spam is None:
                    pool.shutdown(cancel_futures=True)
                    return None
                scores.append(answer.score)
                progress.advance()
        progress.done()
        return scores


@contextmanager
def running_spamd() -> Iterator[tuple[str, int] | None]:
    """A daemon of one's own with `-L` (no network tests) and nobody's preferences, so that its
    answers do not depend on the house; None where it is not installed or does not start."""
    program = shutil.which("spamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        command = [program, "-L", "-x", "-i", "127.0.0.1", "-p", str(port), "-m", str(_CHILDREN)]
        command += ["-s", "null", "-r", str(Path(folder) / "pid"), "-H", folder]
        if os.geteuid() == 0:  # it refuses to judge as root
            os.chmod(folder, 0o777)  # noqa: S103
            command += ["-u", "nobody"]
        daemon = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield ("127.0.0.1", port) if _answers(port, daemon) else None
        finally:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, daemon: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and daemon.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1.0):
                return True
        except OSError:
            time.sleep(0.2)
    return False
