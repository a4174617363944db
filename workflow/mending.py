"""Mending of mails from anyone: what the law asks for and a mail lacks is added from what is on
file, shown as a difference first, and written to a new file only when somebody says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from contracts.audience import ConsentKind
from contracts.brief import Sender
from contracts.errors import BadInput
from contracts.seams import Clock, system_clock
from contracts.verdict import Screening
from evaluation import MailView, RulePacks, ScreeningContext, UnreadableMail, load_packs, screen
from evaluation.fidelity import mail_language
from evaluation.packs import STRICT
from language import country_code
from personalize import language_book
from workflow.mail_difference import difference
from workflow.mail_source import MailSource, TextPart, open_source
from workflow.mend_footer import Line, as_html, as_text, places
from workflow.mend_needs import (
    LeftOpen,
    Need,
    footer_of,
    label_in_front,
    needs_of,
    still_open,
    written_language,
)

__all__ = ["LeftOpen", "Proposal", "propose"]

_URL = re.compile(r"(?:https?://[^\s<>\"'\\]+|mailto:[^\s<>\"'\\@]+@[^\s<>\"'\\@]+)", re.IGNORECASE)
_KINDS = {".eml": "eml", ".html": "html", ".htm": "html", ".txt": "txt"}
_UNWRITABLE = "its bytes do not fit what it says of its charset or encoding: save it as UTF-8"
_SIGNATURES = {
    "dkim-signature": "the DKIM signature",
    "domainkey-signature": "the DomainKeys signature",
    "arc-message-signature": "the ARC signature",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What mending would make of a mail. Nothing is written until `write` is called."""

    path: Path
    language: str  # in which things are added
    added: Mapping[str, tuple[str, ...]]  # part -> names of footer blocks or header fields
    subject: str
    diff: str  # unified, of the subject and of the visible text; "" nothing changes
    before: Screening
    after: Screening
    left_open: tuple[LeftOpen, ...]
    broken: tuple[str, ...]  # what no longer holds of the changed mail: signatures
    content: bytes

    @property
    def changed(self) -> bool:
        return bool(self.diff or self.added)

    def write(self, path: Path) -> None:
        """Write the mended mail to a new file.

        Raises:
            BadInput: there is a file of that name already, the original above all, or its
                folder cannot be written to.
        """
        try:
            with path.open("xb") as file:
                file.write(self.content)
        except FileExistsError as error:
            raise BadInput(f"{path} is there already: give the name of a new file") from error
        except OSError as error:
            raise BadInput(f"{path} cannot be written ({error.strerror}): give another") from error


def propose(
    path: Path,
    sender: Sender,
    countries: Sequence[str],
    *,
    unsubscribe_url: str = "",
    consent: ConsentKind | None = None,
    language: str = "",
    say: str = "",
    clock: Clock = system_clock,
) -> Proposal:
    """What the mail lacks for the law of `countries`, added in its own language.

    Args:
        countries: names, ISO 3166 codes, or a part such as "CA-QC".
        unsubscribe_url: https, http or mailto; "" takes the sender's mailbox for refusals. Only
            with https does an .eml file without List-Unsubscribe get that field.
        consent: on what the mails rest, for the sentence that tells why the recipient gets it;
            None leaves that sentence out, for the mail does not show it.
        language: of the mail; "" tells it from its text.
        say: language in which findings are worded; "" English.

    Raises:
        BadInput: the file is no mail or encrypted, no country is given, the address cannot be
            used, or nobody has written footers in the mail's language.
    """
    if not countries:
        raise BadInput("say where the mail goes with --country: the law there says what it lacks")
    if unsubscribe_url and not _URL.fullmatch(unsubscribe_url):
        raise BadInput("the unsubscribe address is no https, http or mailto address")
    view = MailView.from_file(path)
    source = open_source(_bytes_of(path), _KINDS[path.suffix.lower()])
    codes = tuple(dict.fromkeys(_place(name) for name in countries))
    tag = mail_language(view.body, language)
    written = written_language(tag, codes)
    if not written:
        raise BadInput(
            f"no footers are written in {tag}: add them yourself"
            if tag
            else "the language of the mail cannot be told: give it with --language"
        )
    packs = load_packs()
    context = ScreeningContext(
        jurisdictions=codes, language=tag, sender=sender, now=clock(), say=say
    )
    before = screen(view, context, packs, str(path))
    work = _Mending(view, source, context, packs, sender, written, unsubscribe_url, consent)
    subject, left = label_in_front(view, before.certificate, packs, written)
    fields = work.fields()
    content, added = work.mended(subject, fields)
    new = _view(content, source.kind)
    if added or subject != view.subject:
        work.check(new, subject)
    else:
        content, new = source.raw, view
    after = screen(new, context, packs, str(path)) if content != source.raw else before
    return Proposal(
        path=path,
        language=written,
        added=added,
        subject=new.subject,
        diff=difference(view, new, path.name),
        before=before,
        after=after,
        left_open=still_open([*left, *work.left_open], new, context, packs),
        broken=_broken(view, source.raw) if content != source.raw else (),
        content=content,
    )


class _Mending:
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
            if all(_squeezed(words) in _squeezed(visible) for words in shown):
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
        seen = _squeezed(dict(self._view.bodies).get(part, ""))
        for need in sorted(
            needs, key=lambda item: order.index(item.block) if item.block in order else len(order)
        ):
            if (need.block, need.language) in lines:
                continue
            line = self._line(need)
            if isinstance(line, LeftOpen):
                self.left_open.append(line)
            elif all(_squeezed(words) in seen for words in line.shown):
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

    def check(self, new: MailView, subject: str) -> None:
        """That nothing but what was meant to change has changed.

        Raises:
            UnreadableMail: the mail is built in a way that would not survive it.
        """
        old = self._view
        same = (
            _grown(old.visible, new.visible)
            and _grown(old.text, new.text)
            and new.attachments == old.attachments
            and " ".join(new.subject.split()) == " ".join(subject.split())
        )
        if not same:
            raise UnreadableMail(
                "the mail is too broken to be added to without harm; write it anew"
            )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _grown(old: str, new: str) -> bool:
    """Whether `new` is `old` with something put in at one place."""
    before, after = _squeezed(old), _squeezed(new)
    pairs = enumerate(zip(before, after, strict=False))
    front = next((i for i, (one, other) in pairs if one != other), min(len(before), len(after)))
    return len(after) >= len(before) and after.endswith(before[front:])


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableMail(f"{path.name} cannot be read: give a file that exists.") from error


def _view(content: bytes, kind: str) -> MailView:
    if kind == "eml":
        return MailView.from_bytes(content)
    part = open_source(content, kind)
    body = part.html or part.text
    text = body.text if body else ""
    return MailView.from_html(text) if kind == "html" else MailView.from_text(text)


def _broken(view: MailView, raw: bytes) -> tuple[str, ...]:
    names = [said for name, said in _SIGNATURES.items() if view.header(name)]
    kind = view.header("Content-Type").lower()
    if kind.startswith("multipart/signed") or b"BEGIN PGP SIGNED MESSAGE" in raw:
        names.append("the sender's own signature (S/MIME or PGP)")
    return tuple(f"{name} no longer holds: sign the mail again when it is sent" for name in names)


def _place(country: str) -> str:
    """The code of a country or of a part of one, as it was written where it is neither."""
    head, dash, part = country.strip().upper().partition("-")
    if dash and country_code(head):
        return f"{country_code(head)}-{part}"
    return country_code(country) or country
