"""What is put below a mail: the blocks as accessible markup and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from personalize import FooterBlock, language_book

__all__ = ["Line", "as_html", "as_text", "places"]

# Contrast of 9.3 and 8.3 to 1 on white (WCAG 2.2, 1.4.3 asks for 4.5); links are underlined
# too, for colour alone must not tell them (1.4.1).
_BOX = (
    "margin:24px 0 0;padding:16px;border-top:1px solid #52606d;background-color:#ffffff;"
    "color:#3e4c59;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;"
    "text-align:{side}"
)
_P = "margin:0 0 8px;color:#3e4c59"
_A = "color:#1d4f91;text-decoration:underline"
_END = re.compile(r"</(?:body|html)\b", re.IGNORECASE)
_TRIES = 4  # closing tags that are tried, the last first


@dataclass(frozen=True, slots=True)
class Line:
    """A block in one language, its link filled in."""

    block: FooterBlock
    language: str

    @property
    def shown(self) -> tuple[str, ...]:
        """The words that a reader must see of it."""
        return tuple(item for item in (self.block.text, self.block.label) if item)


def as_html(lines: Sequence[Line], language: str) -> str:
    """One box of paragraphs, its language and direction set; a line in another language says
    its own."""
    book = language_book(language)
    side = "right" if book.direction == "rtl" else "left"
    rows = [
        f'<div lang="{escape(language)}" dir="{book.direction}" style="{_BOX.format(side=side)}">'
    ]
    for line in lines:
        own = ""
        if line.language != language:
            direction = language_book(line.language).direction
            own = f' lang="{escape(line.language)}" dir="{direction}"'
        link = ""
        if line.block.url:
            link = (
                f' <a href="{escape(line.block.url)}" style="{_A}">{escape(line.block.label)}</a>'
            )
        rows.append(f'<p{own} style="{_P}">{escape(line.block.text)}{link}</p>')
    return "\n".join([*rows, "</div>", ""])


def as_text(lines: Sequence[Line]) -> str:
    """A paragraph a block below a rule. The rule is no signature delimiter ("-- "), for mail
    programs hide what stands below one."""
    rows: list[str] = []
    for line in lines:
        block = line.block
        if block.url:
            colon = language_book(line.language).view["colon"]
            address = block.url
            if address.startswith("mailto:"):
                address = address.removeprefix("mailto:").partition("?")[0]
            rows.append(f"{block.text}\n{block.label}{colon}{address}")
        else:
            rows.append(block.text)
    return "\n\n" + "_" * 40 + "\n\n" + "\n\n".join(rows) + "\n"


def places(html: str) -> Iterator[int]:
    """Where the box may go, the best place first: before the end of the body, else of the
    document, else at the very end. One of them may lie in a comment or in what is hidden; who
    puts the box there has to look whether it is seen."""
    ends = [match.start() for match in _END.finditer(html)]
    bodies = [position for position in ends if html[position + 2 : position + 6].lower() == "body"]
    others = [position for position in ends if position not in set(bodies[-_TRIES:])]
    yield from reversed(bodies[-_TRIES:])
    yield from reversed(others[-_TRIES:])
    yield len(html)
