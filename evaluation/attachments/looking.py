"""One file looked into, with all that is inside it: signs, each with where it was found."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluation.attachments import kinds
from evaluation.attachments.archives import Budget, Entry, Trouble, open_archive
from evaluation.attachments.documents import (
    Carried,
    in_compound,
    in_package,
    in_rtf,
    is_package,
)
from evaluation.attachments.kinds import Family, Kind, sniff
from evaluation.attachments.names import read_name, shown
from evaluation.attachments.pdf import in_pdf
from evaluation.rulefiles import TopicPack
from evaluation.view.mailview import AttachedFile

__all__ = ["Looking", "Sign", "look_into"]

_DEEPEST = 4  # archives inside one another, packed files included
_WRAPPERS = (kinds.GZIP, kinds.BZIP2, kinds.XZ)  # each packs one file: a .tar.gz is one archive
# Types that say nothing, or are used for anything.
_VAGUE = ("", "application/octet-stream", "application/x-download", "application/force-download")
# The table that comes with Python: the system's own would make findings differ by machine.
_TYPES = mimetypes.MimeTypes(filenames=())
_ARCHIVE_TYPES = ("application/zip", "application/x-zip-compressed", "application/gzip")


@dataclass(frozen=True, slots=True)
class Sign:
    """`rule` is the part of a rule's id behind "attachment."."""

    rule: str
    where: str  # the file's name, and the names inside it
    detail: str = ""


@dataclass(slots=True)
class Looking:
    """What is kept while one mail's files are looked at."""

    pack: TopicPack
    budget: Budget = field(default_factory=Budget)
    unseen: dict[str, str] = field(default_factory=dict)  # where -> why

    def listed(self, extension: str, name: str) -> bool:
        return extension in self.pack.lists[name]


def look_into(file: AttachedFile, look: Looking) -> Iterator[Sign]:
    """Every sign of a file. Bounded by `look.budget`; never raises."""
    where = shown(file.name) or file.media_type.partition(";")[0] or "-"
    if not file.data:
        yield Sign("empty", where)
        return
    yield from _named(file.name, where, look, inside=False)
    kind = sniff(file.data)
    yield from _typed(file, kind, where)
    yield from _content(file.name, file.data, kind, where, look, 0)


def _named(name: str, where: str, look: Looking, *, inside: bool) -> Iterator[Sign]:
    signs = read_name(name)
    if signs.turned:
        yield Sign("turned_name", where)
    if signs.unseen or signs.gap or signs.loose_end or (signs.path and not inside):
        yield Sign("odd_name", where)
    if signs.path and inside:
        yield Sign("leading_out", where)
    blocked = look.listed(signs.extension, "gmail")
    outlook = look.listed(signs.extension, "outlook")
    hides = blocked or outlook or look.listed(signs.extension, "pages")
    if hides and look.listed(signs.before, "documents"):
        yield Sign("double_extension", where, f".{signs.before}.{signs.extension}")
    if blocked:
        yield Sign("blocked_inside" if inside else "blocked_type", where, f".{signs.extension}")
    elif outlook:
        yield Sign("blocked_outlook", where, f".{signs.extension}")


def _typed(file: AttachedFile, kind: Kind | None, where: str) -> Iterator[Sign]:
    """The declared media type against what the octets are."""
    declared = file.media_type.partition(";")[0].strip().lower()
    if kind is None or declared in _VAGUE or kind.family is Family.EXECUTABLE:
        return
    endings = {ending.lstrip(".") for ending in _TYPES.guess_all_extensions(declared)}
    if declared in _ARCHIVE_TYPES and kind.family is Family.ARCHIVE:
        return
    if endings and not endings & kind.extensions:
        yield Sign("type_mismatch", where, f"{declared} / {kind.name}")


def _content(
    name: str,
    data: bytes,
    kind: Kind | None,
    where: str,
    look: Looking,
    depth: int,
    wrapped: bool = False,
) -> Iterator[Sign]:
    ending = read_name(name).extension
    yield from _honest(ending, data, kind, where, look)
    if kind is None:
        return
    if kind.family is Family.ARCHIVE:
        yield from _archive(name, data, kind, where, look, depth, wrapped)
    elif kind is kinds.OLE:
        yield from _carried(in_compound(data), ending, where, look)
    elif kind is kinds.PDF:
        yield from _carried(in_pdf(data), ending, where, look)
    elif kind is kinds.RTF:
        yield from _carried(in_rtf(data), ending, where, look)
    elif kind is kinds.SVG and b"<script" in data.lower():
        yield Sign("svg_script", where)
    elif kind is kinds.HTML:
        yield Sign("page", where)


def _honest(
    ending: str, data: bytes, kind: Kind | None, where: str, look: Looking
) -> Iterator[Sign]:
    if kind is not None and kind.family is Family.EXECUTABLE:
        told = look.listed(ending, "gmail") or look.listed(ending, "outlook")  # by its name
        if not told:
            yield Sign("program" if kind is not kinds.SCRIPT else "script_file", where, kind.name)
    elif kind is None:
        if look.listed(ending, "pages"):
            yield Sign("page", where)
        if data and look.listed(ending, "known"):
            yield Sign("not_as_named", where, f".{ending}")
    elif ending not in kind.extensions and (
        look.listed(ending, "known") or look.listed(ending, "documents")
    ):  # an ending that nobody knows promises nothing
        yield Sign("not_as_named", where, f".{ending} / {kind.name}")


def _archive(
    name: str, data: bytes, kind: Kind, where: str, look: Looking, depth: int, wrapped: bool
) -> Iterator[Sign]:
    if depth >= _DEEPEST:
        look.unseen[where] = "it is an archive too deep inside others"
        yield Sign("nested_deep", where)
        return
    nested = depth > 0 and not wrapped
    opened = open_archive(data, kind, name, look.budget)
    package = kind is kinds.ZIP and is_package(opened.entries)
    if package:
        yield from _carried(in_package(opened.entries), read_name(name).extension, where, look)
    elif nested:
        yield Sign("nested", where)
    if any(entry.name.endswith(".class") for entry in opened.entries) and not package:
        if not look.listed(read_name(name).extension, "gmail"):
            yield Sign("program", where, "Java program")
        return
    yield from _troubles(opened.troubles, where, look, nested)
    for entry in opened.entries:
        inner = f"{where} › {shown(entry.name)}"
        if package:
            yield from _embedded(entry, inner, look, depth)
            continue
        if entry.link:
            yield Sign("leading_out", inner)
        yield from _named(entry.name, inner, look, inside=True)
        if entry.data:
            yield from _member(entry, inner, look, depth + 1, kind in _WRAPPERS)


def _embedded(entry: Entry, where: str, look: Looking, depth: int) -> Iterator[Sign]:
    """A document inside a document: a chart's numbers, say. Of its other parts only a program
    is of interest."""
    kind = sniff(entry.data)
    if kind is not None and kind.family is Family.EXECUTABLE:
        yield Sign("program", where, kind.name)
    elif kind is kinds.ZIP and "/embeddings/" in entry.name and entry.whole:
        opened = open_archive(entry.data, kind, entry.name, look.budget)
        if depth < _DEEPEST and is_package(opened.entries):
            ending = read_name(entry.name).extension
            yield from _carried(in_package(opened.entries), ending, where, look)


def _member(entry: Entry, where: str, look: Looking, depth: int, wrapped: bool) -> Iterator[Sign]:
    kind = sniff(entry.data)
    deep = kind is not None and kind.family in (Family.ARCHIVE, Family.DOCUMENT)
    if deep and not entry.whole:
        look.unseen[where] = "it is larger than what is looked into"
        return
    yield from _content(entry.name, entry.data, kind, where, look, depth, wrapped)


def _troubles(troubles: set[Trouble], where: str, look: Looking, nested: bool) -> Iterator[Sign]:
    if Trouble.BOMB in troubles:
        yield Sign("bomb", where)
    if Trouble.ENCRYPTED in troubles:
        look.unseen[where] = "it is protected by a password"
        yield Sign("encrypted_nested" if nested else "encrypted", where)
    if Trouble.DAMAGED in troubles:
        look.unseen[where] = "it is damaged"
        yield Sign("damaged", where)
    if Trouble.METHOD in troubles:
        look.unseen[where] = "it is packed in a way that is not opened here"
    if Trouble.LIMIT in troubles:
        look.unseen[where] = "it holds more than what is looked at"


def _carried(found: Iterator[Carried], ending: str, where: str, look: Looking) -> Iterator[Sign]:
    for item in dict.fromkeys(found):
        if item is Carried.MACRO:
            honest = look.listed(ending, "macros")
            yield Sign("macro" if honest else "macro_hidden", where, f".{ending}")
        elif item is Carried.PROGRAM:
            if not look.listed(ending, "gmail"):
                yield Sign("program", where, "Windows installer")
        elif item is Carried.UNREAD:
            look.unseen[where] = "it holds more than what is looked at"
        else:
            if item in (Carried.ENCRYPTED, Carried.GUARDED):
                look.unseen[where] = "it is protected by a password"
            yield Sign(item.value, where)
