"""HTML taken apart into text and tags as browsers do it, in time linear in its length.

The tokens are those of the HTML Standard, §13.2.5 (tokenization); what a browser repairs when it
builds a tree is left to `nesting`. Why no parser is used: docs/decisions/0015.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import TypeAlias

__all__ = [
    "BREAKS_OUT",
    "MOST_ATTRIBUTES",
    "SPACE",
    "Kind",
    "Token",
    "attributes",
    "tokens",
    "unescaped",
]

SPACE = " \t\n\r\f"
"""What HTML runs together; a space that does not break is a letter."""
MOST_ATTRIBUTES = 200
"""How many attributes of one tag are read."""

# Every repetition is possessive and every tag ends at ">" or at the end of the text, so that no
# character is looked at more than a fixed number of times.
_NAME = r"[a-zA-Z][^ \t\n\r\f/>]*+"
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+)?+"""
_ATTRIBUTE = rf"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+{_VALUE})?+"
_TAG = re.compile(
    rf"<(?:({_NAME})((?:[ \t\n\r\f/]++|{_ATTRIBUTE})*+)(>|\Z)"
    rf"|/({_NAME})(?:[ \t\n\r\f/]++|{_ATTRIBUTE})*+(>|\Z)"
    r"|(!--)"
    r"|[!?/][^>]*+(?:>|\Z))"  # declarations and what browsers take for a comment
)
_PAIR = re.compile(
    r"([^ \t\n\r\f/>][^ \t\n\r\f/>=]*+)"
    r"""(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:"([^"]*+)"?|'([^']*+)'?|"""
    r"""([^ \t\n\r\f>"'][^ \t\n\r\f>]*+)|))?+"""
)

_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
_ESCAPABLE = frozenset({"title", "textarea"})
_END_OF = {
    name: re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE) for name in _RAW | _ESCAPABLE
}
# A tag of HTML inside of a drawing ends the drawing (HTML Standard, §13.2.6.5).
BREAKS_OUT = frozenset(
    {"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em"}
    | {"embed", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing"}
    | {"menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike"}
    | {"sub", "sup", "table", "tt", "u", "ul", "var"}
)

_HUGE_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")
_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]++|[0-9]++);?|([a-zA-Z][a-zA-Z0-9]{0,40}+;?)(=?))")


class Kind(IntEnum):
    TEXT = 0
    START = 1
    END = 2
    RAW = 3  # the content of an element that holds no tags, between its two tags


Token: TypeAlias = tuple[Kind, str, str]
"""Its kind; the name of the tag in lower case, "" of a text; the characters, or of a start tag its
attributes as they stand."""

_TEXT, _START, _END, _RAW_TEXT = Kind.TEXT, Kind.START, Kind.END, Kind.RAW


def tokens(markup: str) -> Iterator[Token]:
    """The text and the tags of `markup` in order, without comments and declarations. A tag, a
    comment or a script that is never closed reaches to the end, as it does in a browser."""
    position, size = 0, len(markup)
    search = _TAG.search
    drawing = ""  # "svg" or "math" while inside of one
    while position < size:
        match = search(markup, position)
        if match is None:
            yield _TEXT, "", unescaped(markup[position:])
            return
        begin = match.start()
        if begin > position:
            yield _TEXT, "", unescaped(markup[position:begin])
        position = match.end()
        kind = match.lastindex
        if kind == 3:  # a start tag
            if not match[3]:
                return  # cut off inside of the tag
            name = match[1].lower()
            rest = match[2]
            yield _START, name, rest
            if drawing:
                if name in BREAKS_OUT:
                    drawing = ""
            elif name in ("svg", "math"):
                drawing = "" if rest.endswith("/") else name
            elif name in _END_OF:
                end = _END_OF[name].search(markup, position)
                inner = markup[position : end.start()] if end else markup[position:]
                yield _RAW_TEXT, name, unescaped(inner) if name in _ESCAPABLE else inner
                position = end.start() if end else size
            elif name == "plaintext":
                yield _TEXT, "", markup[position:]
                return
        elif kind == 5:  # an end tag
            if not match[5]:
                return
            name = match[4].lower()
            if name == drawing:
                drawing = ""
            yield _END, name, ""
        elif kind == 6:
            position = _end_of_comment(markup, begin)


def _end_of_comment(markup: str, begin: int) -> int:
    """Where the comment that begins there is over (§13.2.5.43 to 52: "<!-->" is a whole one)."""
    end = markup.find("-->", begin + 2)
    other = markup.find("--!>", begin + 4, end if end >= 0 else len(markup))
    if other >= 0:
        return other + 4
    return end + 3 if end >= 0 else len(markup)


def attributes(text: str) -> Mapping[str, str]:
    """The attributes of a start tag by name in lower case, the first of a name as in a browser;
    at most 200."""
    found: dict[str, str] = {}
    for match in _PAIR.finditer(text):
        name = match[1].lower()
        if name not in found:
            _, double, single, bare = match.groups("")
            value = double or single or bare
            found[name] = _REFERENCE.sub(_in_attribute, value) if "&" in value else value
            if len(found) == MOST_ATTRIBUTES:
                break
    return found


def unescaped(text: str) -> str:
    """`text` with its character references read."""
    if "&" not in text:
        return text
    # Python refuses to read a number of thousands of digits; no character has one that long.
    return html.unescape(_HUGE_NUMBER.sub(_bounded, text) if "&#" in text else text)


def _bounded(match: re.Match[str]) -> str:
    number = match[0].rstrip(";")
    digits = number.lstrip("&#xX").lstrip("0")
    base = number[: 3 if number[2] in "xX" else 2]
    return f"{base}{digits or '0'};" if len(digits) < 9 else "\ufffd"


def _in_attribute(match: re.Match[str]) -> str:
    """A reference in an attribute: "&copy=1" is a parameter of an address (§13.2.5.73)."""
    name, equals = match[1], match[2]
    if name is None:
        return unescaped(match[0])
    if name.endswith(";"):
        return unescaped(f"&{name}") + equals
    known: Callable[[str], str | None] = html.entities.html5.get
    return match[0] if equals else (known(name) or match[0])
