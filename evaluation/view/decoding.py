"""Bytes and encoded words as text, leniently, and in time linear in their length.

Charsets mean what mail programs and browsers take them for (Encoding Standard, §4.2): mail that
says "iso-8859-1" is written in windows-1252, "gb2312" in GB 18030.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from encodings.aliases import aliases
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

__all__ = ["Parameters", "codec_of", "decoded_words", "guessed", "parameters", "text_in"]

_WEB: Mapping[str, str] = {
    "ascii": "ascii", "us_ascii": "ascii", "iso_8859_1": "cp1252", "latin_1": "cp1252",
    "latin1": "cp1252", "iso8859_1": "cp1252", "iso_8859_9": "cp1254", "iso8859_9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312_80": "gb18030", "x_gbk": "gb18030",
    "ks_c_5601_1987": "cp949", "ks_c_5601": "cp949", "euc_kr": "cp949", "shift_jis": "cp932",
    "sjis": "cp932", "x_sjis": "cp932", "windows_31j": "cp932", "tis_620": "cp874",
    "iso_8859_11": "cp874", "big5": "big5hkscs", "x_x_big5": "big5hkscs", "unicode": "utf_16",
    "unicode_1_1_utf_8": "utf_8", "utf8mb4": "utf_8", "iso_8859_8_i": "iso8859_8",
    "unknown_8bit": "", "x_unknown": "", "default": "", "8bit": "", "none": "",
}  # fmt: skip
# Not written in mail, and some of them take time by the square of the text.
_REFUSED = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_TEXT_CODECS = frozenset({*aliases, *aliases.values()}) - frozenset(
    {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"}
    | {"base64", "base_64", "bz2", "hex", "quopri", "quoted_printable", "quotedprintable"}
    | {"rot13", "uu", "zip", "zlib", "mbcs", "oem", "ansi", "dbcs"}
)
_DECLARED = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf_8"), (b"\xff\xfe", "utf_16"), (b"\xfe\xff", "utf_16"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\r\n]*+)\?=")
_FOLD = re.compile(r"(?:\r\n|\r|\n)(?=[ \t])")
_FOLD_ANY = re.compile(r"[\r\n]+")
_PARAMETER = re.compile(
    r";[ \t\r\n]*+([^=;\s\"]++)[ \t\r\n]*+=[ \t\r\n]*+(?:\"((?:[^\"\\]++|\\.)*+)\"?|([^;]*+))",
    re.DOTALL,
)


def codec_of(charset: str) -> str:
    """The codec that reads a charset; "" where it is none that mail is written in."""
    name = charset.strip().strip("\"'").lower().replace("-", "_").replace(":", "_")
    name = name.partition("*")[0]  # a language may follow (RFC 2231, §5)
    if name in _WEB:
        return _WEB[name]
    if name in _REFUSED:
        return ""
    if name in _TEXT_CODECS:
        return aliases.get(name, name)
    joined = name.replace("windows_", "cp").replace("x_", "")
    return aliases.get(joined, joined) if joined in _TEXT_CODECS else ""


def text_in(payload: bytes, charset: str, *, whole: bool = True) -> tuple[str, bool]:
    """A body as text, and whether it is what its charset says. Never fails.

    Args:
        charset: as it is declared; "" not at all.
        whole: it is not cut off, so that its last letter must be complete.
    """
    for mark, codec in _MARKS:
        if payload.startswith(mark):
            return payload.decode(codec, "replace").lstrip("\ufeff"), True
    codec = codec_of(charset) if charset else "utf_8"
    if codec:
        try:
            return _scrubbed(payload.decode(codec)), True
        except UnicodeDecodeError as error:
            if not whole and error.start > len(payload) - 8:
                return _scrubbed(payload[: error.start].decode(codec, "replace")), True
        except (UnicodeError, ValueError):  # what some codecs raise instead
            pass
    return guessed(payload), False


def guessed(payload: bytes) -> str:
    """Bytes as text: UTF-8, else what a page in them declares, else Western, which takes
    anything."""
    declared = _DECLARED.search(payload[:4096])
    names = (
        "utf_8",
        codec_of(declared[1].decode("ascii", "replace")) if declared else "",
        "cp1252",
    )
    for name in names:
        if name:
            try:
                return _scrubbed(payload.decode(name).removeprefix("\ufeff"))
            except (UnicodeError, ValueError):
                continue
    return payload.decode("latin-1")


def _scrubbed(text: str) -> str:
    """`text` without halves of characters, which nothing could write down again."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def decoded_words(value: str) -> str:
    """A header's value in one line with its encoded words read (RFC 2047). A broken word is shown
    as it stands."""
    if "\n" in value or "\r" in value:
        value = _FOLD.sub("", value)
    if "=?" not in value:
        return value.strip()
    out: list[str] = []
    position = 0
    waiting: list[bytes] = []  # words of one charset: some programs cut a letter in two
    codec = ""
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        payload = _payload(match[2], match[3])
        if payload is None:
            continue
        position = match.end()
        name = match[1].lower()
        if waiting and (name != codec or between.strip(" \t")):
            out.append(text_in(b"".join(waiting), codec)[0])
            waiting.clear()
        if between.strip(" \t") or (not out and not waiting):
            out.append(between)
        codec = name
        waiting.append(payload)
    if waiting:
        out.append(text_in(b"".join(waiting), codec)[0])
    out.append(value[position:])
    return _FOLD_ANY.sub(" ", "".join(out)).strip()


def _payload(kind: str, text: str) -> bytes | None:
    raw = text.encode("latin-1", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return None


class Parameters(NamedTuple):
    """A structured header: "attachment; filename=a.pdf"."""

    value: str  # in lower case
    named: Mapping[str, str]  # decoded, by name in lower case

    def get(self, name: str) -> str:
        return self.named.get(name, "")


def parameters(header: str) -> Parameters:
    """A header with its parameters, those in pieces or with a charset (RFC 2231) put together."""
    value, semicolon, _ = header.partition(";")
    value = next(iter(value.split()), "").lower()
    named: dict[str, str] = {}
    if not semicolon:
        return Parameters(value, named)
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(header):
        quoted = match[2]
        text = match[3].strip() if quoted is None else _unquoted(quoted)
        name = match[1].lower()
        if "*" not in name:
            named.setdefault(name, decoded_words(text))
            continue
        base, _, rest = name.partition("*")
        encoded = name.endswith("*")
        number = rest.rstrip("*")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        pieces.setdefault(base, []).append((place, encoded, text))
    for name, parts in pieces.items():
        named[name] = _joined(parts)
    return Parameters(value, named)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if "\\" in text else text


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    charset = ""
    out: list[bytes] = []
    for at, (_, encoded, text) in enumerate(sorted(parts, key=lambda part: part[0])):
        if encoded:
            if at == 0 and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            out.append(unquote_to_bytes(text))
        else:
            out.append(text.encode("utf-8", "replace"))
    return text_in(b"".join(out), charset)[0]
