"""clamd's protocol, spoken with a small server here and, where it is installed, with clamd itself
on a signature of our own."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.errors import BadInput
from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.attachments.clamav import Clamd, Scan, ScanState, clamd_at
from evaluation.attachments.judging import inspect_files
from evaluation.view.mailview import AttachedFile

BAD = b"%PDF-1.7\nthis-is-the-mailwright-test-virus\n"
GOOD = b"%PDF-1.7\nall is well\n"


def attached(name: str, data: bytes) -> AttachedFile:
    return AttachedFile(name, "application/pdf", "attachment", encoded=data)


def answer(connection: socket.socket, limit: int) -> None:
    """INSTREAM as clamd(8) describes it."""
    with connection:
        stream = connection.makefile("rb")
        if stream.read(10) != b"zINSTREAM\0":
            connection.sendall(b"UNKNOWN COMMAND\0")
            return
        data = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            data += stream.read(size)
            if len(data) > limit:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"mailwright-test-virus" in data
        connection.sendall(b"stream: Test.Virus FOUND\0" if found else b"stream: OK\0")


@contextmanager
def listening(family: int, address: str | tuple[str, int], limit: int) -> Iterator[socket.socket]:
    server = socket.socket(family, socket.SOCK_STREAM)
    server.bind(address)
    server.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            try:
                answer(connection, limit)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


@contextmanager
def real_clamd(folder: Path) -> Iterator[str]:
    """clamd with one signature: the words of BAD, in hexadecimal."""
    base = folder / "base"
    base.mkdir()
    (base / "test.ndb").write_text(f"Test.Virus:0:*:{b'mailwright-test-virus'.hex()}\n")
    path = folder / "clamd.ctl"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {base}\nLocalSocket {path}\nForeground yes\nMaxThreads 2\n"
        f"StreamMaxLength 2M\nLogFile {folder / 'log'}\nBytecode no\n"
    )
    folder.chmod(0o755)
    process = subprocess.Popen(
        ["clamd", "--config-file", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if path.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        if not path.exists():
            pytest.skip("clamd is installed but does not start here")
        yield f"unix:{path}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=["unix", "tcp", "clamd"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    if request.param == "unix":
        path = os.path.relpath(tmp_path / "ctl")  # a socket's name may have 107 octets
        with listening(socket.AF_UNIX, path, 2_000_000):
            yield Clamd(path, 5)
    elif request.param == "tcp":
        with listening(socket.AF_INET, ("127.0.0.1", 0), 2_000_000) as server:
            yield clamd_at(f"tcp://127.0.0.1:{server.getsockname()[1]}", 5)
    elif not shutil.which("clamd"):
        pytest.skip("needs clamd (Debian: clamav-daemon)")
    else:
        with real_clamd(tmp_path) as address:
            yield clamd_at(address, 20)


def test_files_are_scanned(scanner: Clamd) -> None:
    assert scanner.scan(GOOD) == Scan(ScanState.CLEAN)
    found = scanner.scan(BAD)
    assert found.state is ScanState.INFECTED
    assert found.name.startswith("Test.Virus")
    assert scanner.scan(b"").state is ScanState.CLEAN
    assert scanner.scan(GOOD + b"\0" * 500_000 + BAD).state is ScanState.INFECTED
    too_large = scanner.scan(GOOD + b"\0" * 4_000_000)
    assert too_large.state is ScanState.UNKNOWN
    assert "size limit" in too_large.why


def test_an_infected_file_blocks(scanner: Clamd) -> None:
    pack = load_packs().topics["attachments"]
    report = inspect_files([attached("a.pdf", GOOD), attached("b.pdf", BAD)], pack, "", scanner)
    (finding,) = [item for item in report.findings if item.rule == "attachment.infected"]
    assert finding.severity is Severity.BLOCK
    assert finding.place.part == "attachment:b.pdf"
    assert "Test.Virus" in finding.message
    assert "virus" not in dict(report.not_judged)


def test_a_scanner_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    pack = load_packs().topics["attachments"]
    gone = Clamd(str(tmp_path / "gone"), 1)
    report = inspect_files([attached(f"{n}.pdf", GOOD) for n in range(9)], pack, "", gone)
    assert report.findings == ()
    ((code, text),) = report.not_judged
    assert code == "virus"
    assert "could not be asked" in text


def test_a_scanner_that_says_nothing_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scan = Clamd(("127.0.0.1", silent.getsockname()[1]), 0.3).scan(GOOD)
    why = "the virus scanner could not be asked: it did not answer in time"
    assert scan == Scan(ScanState.UNKNOWN, why=why, answered=False)


@pytest.mark.parametrize(
    "address",
    ["unix:/run/c.ctl", "unix:///run/c.ctl", "/run/c.ctl", "tcp://h:3310", "h:3310", "[::1]:3310"],
)
def test_addresses_of_clamd(address: str) -> None:
    assert isinstance(clamd_at(address), Clamd)


@pytest.mark.parametrize(
    "address", ["", "clamd", "tcp://h", "h:0", "h:70000", "http://h:3310/x", "a b:1"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        clamd_at(address)
