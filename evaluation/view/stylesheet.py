"""A style sheet as far as checks of a mail need it: rules, declarations, at-rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Rule", "Sheet", "declarations", "read_sheet"]

_DEPTH = 8  # at-rules inside each other that are looked into
_END = re.compile(r"[{;]")
_BRACE = re.compile(r"[{}]")
# A semicolon inside of a string or of brackets ends nothing: url("data:image/png;base64,…").
_PIECE = re.compile(r"""(?:"[^"]*"|'[^']*'|\([^()]*\)|[^;"'()]+|[("'])+""")


@dataclass(frozen=True, slots=True)
class Rule:
    selector: str
    declarations: tuple[tuple[str, str], ...]
    media: str = ""  # the at-rule around it, "" none


@dataclass(frozen=True, slots=True)
class Sheet:
    rules: tuple[Rule, ...]
    at_rules: tuple[tuple[str, str], ...]  # name and what follows it: ("media", "(max-width…)")


def declarations(css: str) -> list[tuple[str, str]]:
    """Properties and values of a `style` attribute or of a rule's body, in lower case; values
    keep "!important"."""
    found: list[tuple[str, str]] = []
    for piece in _PIECE.findall(css):
        name, colon, value = piece.partition(":")
        if colon and name.strip():
            found.append((name.strip().lower(), value.strip().lower()))
    return found


def read_sheet(css: str) -> Sheet:
    """The rules of `css`, those inside of at-rules included. Broken sheets give what was read
    before they break."""
    rules: list[Rule] = []
    at_rules: list[tuple[str, str]] = []
    _read(_without_comments(css), "", rules, at_rules, _DEPTH)
    return Sheet(tuple(rules), tuple(at_rules))


def _read(
    css: str, media: str, rules: list[Rule], at_rules: list[tuple[str, str]], depth: int
) -> None:
    for prelude, body in _blocks(css):
        if not prelude.startswith("@"):
            rules.append(Rule(prelude, tuple(declarations(body)), media))
            continue
        name, _, rest = prelude[1:].partition(" ")
        name, paren, more = name.partition("(")
        at_rules.append((name.lower(), f"{paren}{more} {rest}".strip().lower()))
        if "{" in body:
            if depth:
                _read(body, prelude, rules, at_rules, depth - 1)
        elif body:  # @font-face and the like hold declarations of their own
            rules.append(Rule(prelude, tuple(declarations(body)), media))


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
        start, position = position, _closed(css, position)
        yield " ".join(prelude.split()), css[start : position - 1]


def _closed(css: str, position: int) -> int:
    """Behind the brace that closes a block; where none does, one behind the end."""
    depth = 1
    for brace in _BRACE.finditer(css, position):
        depth += 1 if brace.group() == "{" else -1
        if not depth:
            return brace.end()
    return len(css) + 1


def _without_comments(css: str) -> str:
    """A comment that is not closed goes on to the end (CSS Syntax 3, 4.3.2)."""
    parts: list[str] = []
    position = 0
    while (start := css.find("/*", position)) >= 0:
        parts.append(css[position:start])
        end = css.find("*/", start + 2)
        position = end + 2 if end >= 0 else len(css)
    return " ".join([*parts, css[position:]])
