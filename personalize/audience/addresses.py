"""Addresses: the mends that lose nothing, what is refused, and whose they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from language.datafile import DataFile, load_data
from personalize.audience.cells import INVISIBLE

__all__ = ["Address", "is_role_account", "mailbox", "read_address"]

_ANGLE = re.compile(r"[^<>]*<\s*([^<>]+?)\s*>")
_MAILTO = re.compile(r"mailto:([^?]*)(\?.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """What a cell was read as. `email` is "" where `refused` says why."""

    email: str = ""  # local part as given, domain in lower case and A-labels
    mends: tuple[str, ...] = ()
    refused: str = ""


def read_address(cell: str) -> Address:
    """The address in a cell, or why it is none.

    Mended, because nothing is lost: spaces around it, invisible characters, full-width
    characters, "mailto:", "Name <address>", a dot or comma behind it, capitals in the
    domain, an international domain (to A-labels). Never mended, because it would be a
    guess: a comma for a dot, a missing @, a blank inside, two addresses in a cell.

    The address is not looked up: no network is used. Reserved test domains (.example) are
    taken, those that can never be written to (.invalid, .local, .test) are not.
    """
    mends: list[str] = []
    text = cell.strip()
    if text != cell:
        mends.append("spaces around the address removed")
    text = _mended(text, unicodedata.normalize("NFKC", text), "full-width characters", mends)
    text = _mended(text, text.translate(INVISIBLE), "invisible characters", mends)
    if match := _ANGLE.fullmatch(text):
        text = _mended(text, match[1], "name before the address removed", mends)
    if match := _MAILTO.fullmatch(text):
        text = _mended(text, match[1], '"mailto:" removed', mends)
    text = text.strip().strip("<>\"'")
    text = _mended(text, text.rstrip(".,; "), "mark behind the address removed", mends)
    if not text:
        return Address(refused="no address")
    if refused := _broken(text):
        return Address(refused=refused)
    from email_validator import EmailNotValidError, validate_email

    try:
        # No SMTPUTF8: the address must be one that every server takes.
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return Address(refused=_reason(text))
    local, _, domain = text.rpartition("@")
    email = f"{local}@{found.ascii_domain}"
    if not domain.isascii():
        mends.append("international domain written in A-labels")
    elif domain != found.ascii_domain:
        mends.append("domain in lower case")
    return Address(email, tuple(mends))


def is_role_account(email: str) -> bool:
    """Whether the address is a function's (info@, einkauf@), by its local part alone."""
    local = email.rpartition("@")[0].partition("+")[0].casefold()
    plain = re.sub(r"\d{1,2}$", "", re.sub(r"[._\-]", "", local))
    return plain in _role_accounts()


def mailbox(email: str) -> str:
    """The address as mailboxes are compared: no case, no +tag. Never written to."""
    local, _, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _mended(before: str, after: str, what: str, mends: list[str]) -> str:
    if before != after:
        mends.append(what if what.endswith("removed") else f"{what} in the address mended")
    return after


def _broken(text: str) -> str:
    if text.count("@") == 0:
        return "the address has no @"
    if re.search(r"\s", text) and text.count("@") == 1:
        return "the address has a blank in it"
    if text.count("@") > 1:
        return "more than one address, or more than one @, in the cell"
    if "," in text or ";" in text:
        return "the address has a comma or semicolon in it"
    if text[0] in "=+-":
        return "the address begins like a spreadsheet formula"
    if ".." in text:
        return "the address has two dots in a row"
    return ""


def _reason(text: str) -> str:
    local, _, domain = text.rpartition("@")
    if not local or not domain:
        return "the address lacks the part before or behind the @"
    if not local.isascii():
        return "the part before the @ has letters that not every mail server takes"
    if "." not in domain:
        return "the domain of the address has no dot"
    if local.startswith(".") or local.endswith("."):
        return "the part before the @ begins or ends with a dot"
    return "not a valid address"


class _RoleAccounts(DataFile):
    accounts: Mapping[str, tuple[str, ...]]


@cache
def _role_accounts() -> frozenset[str]:
    lists = load_data("personalize.audience", "role_accounts.yaml", _RoleAccounts).accounts
    return frozenset(name.replace(" ", "").casefold() for names in lists.values() for name in names)
