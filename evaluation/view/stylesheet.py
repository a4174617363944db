"""A style sheet as far as checks of a mail need it: rules, declarations, at-rules.

Linear in the length of the sheet, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

__all__ = [
    "Rule",
    "Sheet",
    "crowded",
    "declarations",
    "read_sheet",
    "unescaped_css",
    "without_comments",
]

_DEPTH = 8  # at-rules inside each other that are looked into
_MOST_RULES = 20_000
_MOST_DECLARATIONS = 1_000  # of a rule or an attribute
_END = re.compile(r"[{;]")
_BRACE = re.compile(r"[{}]")
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)")
# A semicolon inside of a string or of brackets ends nothing: url("data:image/png;base64,…").
_PIECE = re.compile(r"""(?:"[^"]*+"|'[^']*+'|\([^()]*+\)|[^;"'()]++|[("')])++""")
_NESTS = re.compile(r"""["'(]""")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|([^\r\n\f0-9a-fA-F]))")


@dataclass(frozen=True, slots=True)
class Rule:
    selector: str
    declarations: tuple[tuple[str, str], ...]
    media: str = ""  # the at-rule around it, "" none


@dataclass(frozen=True, slots=True)
class Sheet:
    rules: tuple[Rule, ...]
    at_rules: tuple[tuple[str, str], ...]  # name and what follows it: ("media", "(max-width…)")
    cut: bool = False  # there are more rules than were read


def declarations(css: str) -> list[tuple[str, str]]:
    """Properties and values of a `style` attribute or of a rule's body, in lower case; values
    keep "!important". At most the first 1,000."""
    found: list[tuple[str, str]] = []
    pieces: Iterable[str]
    pieces = (
        (match[0] for match in _PIECE.finditer(css))
        if _NESTS.search(css)
        else css.split(";", _MOST_DECLARATIONS)
    )
    for piece in islice(pieces, _MOST_DECLARATIONS):
        name, colon, value = piece.partition(":")
        if colon and (name := name.strip()):
            found.append((name.lower(), value.strip().lower()))
    return found


def crowded(css: str) -> bool:
    """Whether there are more declarations in it than `declarations` reads."""
    return len(css) > _MOST_DECLARATIONS and css.count(";") >= _MOST_DECLARATIONS


def without_comments(css: str) -> str:
    """`css` with a space for each comment; one that is never closed reaches to the end."""
    return _COMMENT.sub(" ", css) if "/*" in css else css


def unescaped_css(css: str) -> str:
    """`css` with its escapes read ("d\\69splay": CSS Syntax Level 3, §4.3.7). Those of characters
    that are not printed stay, the tricks for old browsers ("red\\9") among them."""
    return _ESCAPE.sub(_character, css) if "\\" in css else css


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    known = 0x20 < number < 0x7F or 0xA0 < number < 0xD800 or 0xDFFF < number < 0x110000
    return chr(number) if known else match[0]


def read_sheet(css: str) -> Sheet:
    """The rules of `css`, those inside of at-rules included. Broken sheets give what was read
    before they break."""
    reading = _Reading()
    reading.read(without_comments(css), "", _DEPTH)
    return Sheet(tuple(reading.rules), tuple(reading.at_rules), reading.cut)


@dataclass(slots=True)
class _Reading:
    rules: list[Rule] = field(default_factory=list)
    at_rules: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False

    def read(self, css: str, media: str, depth: int) -> None:
        for prelude, body in _blocks(css):
            if len(self.rules) + len(self.at_rules) >= _MOST_RULES:
                self.cut = True
                return
            if not prelude.startswith("@"):
                self.cut |= crowded(body)
                self.rules.append(Rule(prelude, tuple(declarations(body)), media))
                continue
            name, _, rest = prelude[1:].partition(" ")
            name, paren, more = name.partition("(")
            self.at_rules.append((name.lower(), f"{paren}{more} {rest}".strip().lower()))
            if "{" in body:
                if depth:
                    self.read(body, prelude, depth - 1)
                else:
                    self.cut = True
            elif body:  # @font-face and the like hold declarations of their own
                self.rules.append(Rule(prelude, tuple(declarations(body)), media))


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before a block, and in it; statements without a block have an empty one."""
    position = 0
    while position < len(css):
        match = _END.search(css, position)
        if match is None:
            return
        prelude = css[position : match.start()].strip()
        position = match.end()
        if match.group() == ";":
            if prelude.startswith("@"):
                yield prelude, ""
            continue
        start = position
        position = end = len(css)  # where the block is never closed
        depth = 1
        for brace in _BRACE.finditer(css, start):
            depth += 1 if brace.group() == "{" else -1
            if not depth:
                end, position = brace.span()
                break
        yield " ".join(prelude.split()), css[start:end]
