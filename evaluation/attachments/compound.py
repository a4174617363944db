"""OLE2 containers (MS-CFB): which storages and streams one holds.

Only the directory is read: its entries are records of 128 octets, which begin at multiples of 128
in whole sectors, each with its name, the name's length and its type (MS-CFB 2.6.1). They are found
by going over the file, not by following chains that a hostile file may lead anywhere.
"""

from __future__ import annotations

__all__ = ["entry_names", "holds_macros", "holds_package", "is_encrypted", "is_installer"]

_ENTRY = 128
_TYPES = b"\x01\x02\x05"  # storage, stream, root
_MOST = 10_000  # names that are kept
# The class of Windows Installer databases, {000C1084-0000-0000-C000-000000000046}.
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")


def entry_names(data: bytes) -> frozenset[str]:
    """Names of storages and streams, in lower case. Linear in the size of the file."""
    found: set[str] = set()
    for start in range(512, len(data) - _ENTRY + 1, _ENTRY):
        length = data[start + 64]
        if (
            not 4 <= length <= 64
            or length % 2
            or data[start + 65]
            or data[start + 66] not in _TYPES
        ):
            continue
        name = data[start : start + length - 2].decode("utf-16-le", "replace").lower()
        if data[start + length - 2 : start + length] == b"\0\0" and name[1:].isprintable():
            found.add(name)
            if len(found) >= _MOST:
                break
    return frozenset(found)


def holds_macros(names: frozenset[str]) -> bool:
    """Whether a document of these entries holds Visual Basic (MS-OVBA 2.2.1)."""
    return "_vba_project" in names or "_vba_project_cur" in names


def holds_package(names: frozenset[str]) -> bool:
    """Whether a file of any kind is packed into it, to be opened with a double click."""
    return "\x01ole10native" in names


def is_encrypted(names: frozenset[str]) -> bool:
    """Whether it is an Office document with a password (MS-OFFCRYPTO 2.3.4)."""
    return {"encryptedpackage", "encryptioninfo"} <= names


def is_installer(data: bytes) -> bool:
    return _INSTALLER in data
