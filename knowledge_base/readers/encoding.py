"""The text of a file that does not say in which encoding it is."""

from __future__ import annotations

import codecs
from collections import Counter

from knowledge_base.readers.reading import Refused

__all__ = ["decoded", "decoded_utf8"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = "not text in a known encoding; save the file in UTF-8"
_COMMON_SHARE = 0.85  # of the characters beyond ASCII that must be common ones of the script
# East Asian encodings, each with an older and smaller one that holds its common characters:
# almost any bytes are some rare character, so only common ones count as evidence.
_EAST_ASIAN = (("gb18030", "gb2312"), ("cp932", "shift_jis"), ("big5", "big5"), ("cp949", "euc_kr"))
_FREQUENT = {
    "gb18030": "的一是在不了有和人这中大为上个国我以要他时来用们生"
    "到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经客户",
    "cp932": "のにはをたがでてとしれさいるなもんこからあっりまきすょう日本年人大会社",
    "big5": "的一是在不了有和人這中大為上個國我以要他時來用們生"
    "到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經客戶",
    "cp949": "이다는의가을에고하지로를은한기도사리시스대나아서인어자해일그제전정수",
}
_FREQUENT_SHARE = 0.08  # of those characters that running text has at the least


def decoded(data: bytes, declared: str = "") -> str:
    """The text of `data`: a byte order mark decides, else what is declared, else UTF-8, else
    an East Asian encoding whose frequent characters it holds, else Windows-1252. Line ends
    become "\\n".

    Raises:
        Refused: it is text in none of these.
    """
    text = _with_mark(data)
    if text is None and declared:
        text = _strictly(data, declared)
    if text is None and data.count(0) * 20 > len(data):
        text = _without_mark_utf16(data)
    if text is None:
        text = _strictly(data, "utf-8")
    if text is None:
        text = _east_asian(data) or _strictly(data, "cp1252")
    if text is None or "\0" in text or _is_noise(text):
        raise Refused(0, _NO_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded_utf8(data: bytes) -> str:
    """The text of `data`, which must be UTF-8 with or without a mark, its line ends kept."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(0, "not in UTF-8; save the file in that encoding") from error
    if "\0" in text:
        raise Refused(0, "not a text file; give Markdown or JSON in UTF-8")
    return text


def _with_mark(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            if text is None and encoding.startswith("utf-32"):
                continue  # UTF-16 begins with the same two bytes
            if text is None:
                raise Refused(
                    0, f"begins as {encoding} but goes on as something else; save it in UTF-8"
                )
            return text
    return None


def _without_mark_utf16(data: bytes) -> str:
    """Every second byte zero: Latin text in UTF-16 whose mark is missing."""
    odd, even = data[1::2].count(0), data[::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    one_sided = max(odd, even) * 5 > len(data) and min(odd, even) * 50 < len(data)
    text = _strictly(data, encoding) if one_sided else None
    if text is None or "\0" in text:
        raise Refused(0, _NO_TEXT)
    return text


def _east_asian(data: bytes) -> str | None:
    best: tuple[float, str] | None = None
    for encoding, common in _EAST_ASIAN:
        text = _strictly(data, encoding)
        if text is None:
            continue
        beyond = Counter(char for char in text if char > "\x7f")
        total = beyond.total() or 1
        known = sum(n for char, n in beyond.items() if _holds(common, char))
        frequent = sum(beyond[char] for char in _FREQUENT[encoding]) / total
        enough = known >= _COMMON_SHARE * total and frequent >= _FREQUENT_SHARE
        if enough and (best is None or frequent > best[0]):
            best = (frequent, text)
    return best[1] if best else None


def _holds(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_noise(text: str) -> bool:
    """Control characters in number: bytes of a program or an image, not of a text."""
    control = sum(1 for char in text[:100_000] if char < " " and char not in "\t\n\r\f\v")
    return control * 50 > len(text[:100_000])
