"""A case from a web address: a page, or a file of any format that is read."""

from __future__ import annotations

import hashlib
import ssl
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from contracts.case import Case
from knowledge_base.readers.files import Input, Reader, parsing
from knowledge_base.readers.isolation import ParserProcess
from knowledge_base.readers.limits import ADDRESS_SECONDS
from knowledge_base.readers.making import safe_id
from knowledge_base.readers.network import Fetched, Resolver, fetch, resolve
from knowledge_base.readers.reading import CaseReading, Refusal, Refused
from knowledge_base.readers.source import KINDS

__all__ = ["read_address"]

_SUFFIX_OF = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
# Types that servers give to whatever they do not know: there the address's ending decides.
_VAGUE = ("", "application/octet-stream", "binary/octet-stream", "text/plain")


def read_address(
    url: str,
    *,
    today: date | None = None,
    resolver: Resolver = resolve,
    allow_loopback: bool = False,
    tls: ssl.SSLContext | None = None,
    limit_seconds: float = ADDRESS_SECONDS,
    parser: ParserProcess | None = None,
) -> CaseReading:
    """The cases behind a web address, read as `read_cases` reads a file; the content type
    decides how.

    Their path is the address, their source the address and the day, unless they state one.
    Only http and https and only public servers are asked, without cookies or credentials
    (see `network`). Whatever goes wrong is a refusal; nothing is raised for it.

    Args:
        today: the day to state; today in UTC if None.
        resolver: from a name and a port to addresses.
        allow_loopback: for tests only.
        tls: instead of the system's trusted certificates.
        limit_seconds: for asking; parsing has its own limit.
        parser: as in `read_cases`.
    """
    shown = _shown(url)
    today = today or datetime.now(UTC).date()
    try:
        fetched = fetch(
            url,
            resolver=resolver,
            allow_loopback=allow_loopback,
            tls=tls,
            limit_seconds=limit_seconds,
        )
        suffix = _suffix(fetched)
    except Refused as refused:
        return CaseReading((), (Refusal(shown, 0, refused.reason),))
    with tempfile.TemporaryDirectory(prefix="mailwright-") as folder, parsing(parser) as process:
        file = Path(folder) / f"address{suffix}"
        file.write_bytes(fetched.data)
        reader = Reader(process)
        reader.read(Input(file, shown, fetched.charset, _id(url)))
        reading = reader.result()
    source = f"{shown}, read {today.isoformat()}"
    return replace(reading, cases=tuple(_sourced(case, source) for case in reading.cases))


def _sourced(case: Case, source: str) -> Case:
    if case.source:
        return case
    missing = tuple(name for name in case.missing if name != "source")
    return replace(case, source=source, missing=missing)


def _suffix(fetched: Fetched) -> str:
    ending = PurePosixPath(unquote(urlsplit(fetched.address).path)).suffix.lower()
    if fetched.content_type in _VAGUE:
        if ending in KINDS:
            return ending
        if fetched.content_type == "text/plain":
            return ".txt"
        raise Refused(0, "the server does not say what it is; save the file and add it")
    if suffix := _SUFFIX_OF.get(fetched.content_type):
        return suffix
    raise Refused(
        0, f"content of type {fetched.content_type[:60]} is not read; give a page or a document"
    )


def _shown(url: str) -> str:
    """The address as it may be shown and kept: without credentials and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("@")[2] or url
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, fragment="").geturl()


def _id(url: str) -> str:
    """Of the page: its host and path, and a mark of its query, which often names the page."""
    parts = urlsplit(url)
    name = safe_id(f"{parts.hostname}{unquote(parts.path)}")[:180]
    if parts.query:
        name += f"-{hashlib.sha256(parts.query.encode('utf-8')).hexdigest()[:10]}"
    return name
