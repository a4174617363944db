"""Adding to one mail: which lines its parts lack, where they go, and what stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from contracts.audience import ConsentKind
from contracts.brief import Sender
from contracts.errors import BadInput
from evaluation import MailView, RulePacks, ScreeningContext
from evaluation.packs import STRICT
from personalize import language_book
from workflow.mail_source import MailSource, TextPart
from workflow.mend_footer import Line, as_html, as_text, places
from workflow.mend_needs import LeftOpen, Need, footer_of, needs_of

__all__ = ["Mending", "squeezed"]

_UNWRITABLE = "its bytes do not fit what it says of its charset or encoding: save it as UTF-8"


class Mending:
    """One mail under the hands of somebody who adds to it."""

    def __init__(
        self,
        view: MailView,
        source: MailSource,
        context: ScreeningContext,
        packs: RulePacks,
        sender: Sender,
        language: str,
        url: str,
        consent: ConsentKind | None,
    ) -> None:
        self._view, self._source, self._context = view, source, context
        self._packs, self._sender, self._language = packs, sender, language
        self._url, self._consent = url, consent
        self.left_open: list[LeftOpen] = []

    def fields(self) -> dict[str, str]:
        """The header fields of one-click unsubscribing (RFC 2369, 8058), where there are none
        and an https address is at hand."""
        view = self._view
        if self._source.kind != "eml" or view.header("List-Unsubscribe"):
            return {}
        if not (self._url.lower().startswith("https://") and self._url.isascii()):
            return {}
        value = f"<{self._url}>, <mailto:{self._sender.refusal_mailbox}>"
        found = {"List-Unsubscribe": value}
        if not view.header("List-Unsubscribe-Post"):
            found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return found

    def mended(
        self, subject: str, fields: Mapping[str, str]
    ) -> tuple[bytes, dict[str, tuple[str, ...]]]:
        """The file with everything added, and what was added where."""
        view, source = self._view, self._source
        added: dict[str, tuple[str, ...]] = {}
        own_subject = subject if subject != view.subject else None
        if own_subject is not None:
            added["subject"] = ("label",)
        if fields:
            added["headers"] = tuple(fields)
        text = source.text.text if source.text else None
        if source.kind == "txt" and own_subject is not None and text is not None:
            line = re.compile(r"(Subject:[ \t]*)[^\r\n]*")
            text = line.sub(lambda match: match.group(1) + own_subject, text, count=1)
        if view.text.strip():
            lines = self._lines("text")
            if lines and (text is None or not (source.text and source.text.charset)):
                self.left_open.append(LeftOpen("text", _UNWRITABLE))
            elif lines and text is not None:
                newline = "\r\n" if "\r\n" in text else "\n"
                text = text.rstrip() + as_text(lines).replace("\n", newline)
                added["text"] = tuple(line.block.name for line in lines)
        html = None
        lines = self._lines("html") if view.html.strip() else []
        if lines and source.html is None:
            self.left_open.append(LeftOpen("html", _UNWRITABLE))
        elif lines and source.html is not None:
            html = self._placed(source.html, lines)
            if html is None:
                why = "the markup hides whatever stands at its end: close what is open there"
                self.left_open.append(LeftOpen("html", why))
            else:
                added["html"] = tuple(line.block.name for line in lines)
        if source.html is None and source.text is None:
            raise BadInput("the mail has no part that could be added to; is it encrypted?")
        changed_text = text if source.text and text != source.text.text else None
        content = source.rebuilt(subject=own_subject, html=html, text=changed_text, fields=fields)
        return content, added

    def _placed(self, part: TextPart, lines: Sequence[Line]) -> str | None:
        """The page with the lines at its end, where a reader sees them; None: nowhere."""
        html, box = part.text, as_html(lines, self._language)
        if not part.charset:  # references hold in whatever charset the page turns out to be in
            box = box.encode("ascii", "xmlcharrefreplace").decode("ascii")
        shown = [words for line in lines for words in line.shown]
        for position in places(html):
            page = html[:position] + box + html[position:]
            visible = MailView.from_html(page).visible
            if all(squeezed(words) in squeezed(visible) for words in shown):
                return page
        return None

    def _lines(self, part: str) -> list[Line]:
        """What a part lacks, in the order in which the places' footers have it."""
        needs, left = needs_of(self._view, self._context, self._packs, self._language, part)
        self.left_open += left
        # The strictest footer has every block; what it lacks comes as the places have it.
        order = list(self._packs.profile(STRICT).footer)
        for code in self._context.jurisdictions:
            order += self._packs.profile_for(code).footer
        lines: dict[tuple[str, str], Line] = {}
        seen = squeezed(dict(self._view.bodies).get(part, ""))
        for need in sorted(
            needs, key=lambda item: order.index(item.block) if item.block in order else len(order)
        ):
            if (need.block, need.language) in lines:
                continue
            line = self._line(need)
            if isinstance(line, LeftOpen):
                self.left_open.append(line)
            elif all(squeezed(words) in seen for words in line.shown):
                why = "the mail says it already, in words that the rule does not know"
                self.left_open.append(LeftOpen(need.rule, why))
            else:
                lines[need.block, need.language] = line
        return list(lines.values())

    def _line(self, need: Need) -> Line | LeftOpen:
        block = footer_of(need, self._sender)
        if isinstance(block, LeftOpen):
            return block
        if block.name == "reason":
            if self._consent is None:
                why = "the mail does not show on what it rests: say it with --consent"
                return LeftOpen(need.rule, why)
            reasons = language_book(need.language).footer.reasons
            text = reasons.get(self._consent.value, "")
            if not text:
                return LeftOpen(need.rule, f"no sentence is written for {self._consent.value}")
            block = replace(block, text=text)
        if block.name == "unsubscribe":
            own = f"mailto:{self._sender.refusal_mailbox}?subject={quote(block.label)}"
            block = replace(block, url=self._url or own)
        return Line(block, need.language)


def squeezed(text: str) -> str:
    """Without spaces and line breaks, which differ from one form of a mail to another."""
    return re.sub(r"[\s\u200b]+", "", text)
