"""The parts of a message that are shown, as text, and those that are files."""

from __future__ import annotations

from dataclasses import dataclass, field

from evaluation.view.attached import PLAIN, AttachedFile, transferred
from evaluation.view.decoding import codec_of, text_in
from evaluation.view.message import Leaf, Message

__all__ = ["Shown", "read_parts"]

LONGEST_HTML = 2_000_000  # characters of all HTML parts; Gmail shows the first 102,400 bytes
LONGEST_TEXT = 1_000_000  # characters of all text parts
_WIDEST = 4  # bytes of a letter, in the charsets that mail is written in


@dataclass(slots=True)
class Shown:
    html: str = ""
    text: str = ""
    attached: tuple[AttachedFile, ...] = ()
    defects: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # those of them that say what was left out


@dataclass(slots=True)
class _Body:
    kind: str  # as it is called in `defects`
    left: int  # characters that are still read
    parts: list[str] = field(default_factory=list)


def read_parts(raw: bytes, message: Message) -> Shown:
    """What a mail program shows of a message, and its files."""
    defects, cut = list(message.defects), list(message.cut)
    html, text = _Body("HTML", LONGEST_HTML), _Body("text", LONGEST_TEXT)
    attached: list[AttachedFile] = []
    whole = memoryview(raw)
    for leaf in message.leaves:
        part = leaf.part
        if part.disposition == "attachment" or part.media_type not in ("text/html", "text/plain"):
            attached.append(
                AttachedFile(
                    leaf.name,
                    part.media_type,
                    part.disposition,
                    leaf.content_id,
                    part.encoding,
                    whole[leaf.start : leaf.end],
                )
            )
            continue
        body = html if part.media_type == "text/html" else text
        if _read(raw, leaf, body, defects):
            cut.append(defects[-1])
    return Shown("\n".join(html.parts), "\n".join(text.parts), tuple(attached), defects, cut)


def _read(raw: bytes, leaf: Leaf, body: _Body, defects: list[str]) -> bool:
    """Read a part; whether it was cut off, which the last defect then says."""
    encoding = leaf.part.encoding
    most = body.left * _WIDEST * (3 if encoding == "quoted-printable" else 2)
    payload = raw[leaf.start : min(leaf.end, leaf.start + most)]
    cut = len(payload) < leaf.end - leaf.start
    if encoding not in PLAIN:
        payload, right = transferred(payload, encoding)
        if not right and not cut:
            defects.append(_encoding_defect(encoding))
    if len(payload) > body.left * _WIDEST:
        payload, cut = payload[: body.left * _WIDEST], True
    text, fits = text_in(payload, leaf.part.charset, whole=not cut)
    if not fits:
        defects.append(
            "text that does not fit its declared charset"
            if not leaf.part.charset or codec_of(leaf.part.charset)
            else "text in a charset that nobody knows"
        )
    if len(text) > body.left:
        text, cut = text[: body.left], True
    if cut:
        limit = LONGEST_HTML if body.kind == "HTML" else LONGEST_TEXT
        defects.append(f"{body.kind} of more than {limit:,} characters; the rest was not read")
    body.left -= len(text)
    body.parts.append(text)
    return cut


def _encoding_defect(encoding: str) -> str:
    known = encoding in ("base64", "quoted-printable") or "uu" in encoding
    return "a body that is wrongly encoded" if known else "a transfer encoding that nobody knows"
