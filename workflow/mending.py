"""Mending of mails from anyone: what the law asks for and a mail lacks is added from what is on
file, shown as a difference first, and written to a new file only when somebody says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.audience import ConsentKind
from contracts.brief import Sender
from contracts.errors import BadInput
from contracts.seams import Clock, system_clock
from contracts.verdict import Screening
from evaluation import MailView, ScreeningContext, UnreadableMail, load_packs, screen
from evaluation.fidelity import mail_language
from workflow.mail_difference import difference
from workflow.mail_source import open_source
from workflow.mend_adding import Mending, squeezed
from workflow.mend_label import label_in_front
from workflow.mend_needs import LeftOpen, still_open, written_language
from workflow.screening_choices import place_code

__all__ = ["LeftOpen", "Proposal", "propose"]

_URL = re.compile(r"(?:https?://[^\s<>\"'\\]+|mailto:[^\s<>\"'\\@]+@[^\s<>\"'\\@]+)", re.IGNORECASE)
_KINDS = {".eml": "eml", ".html": "html", ".htm": "html", ".txt": "txt"}
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
    codes = tuple(dict.fromkeys(place_code(name) for name in countries))
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
    work = Mending(view, source, context, packs, sender, written, unsubscribe_url, consent)
    subject, left = label_in_front(view, before.certificate, packs, written)
    fields = work.fields()
    content, added = work.mended(subject, fields)
    new = _view(content, source.kind)
    if added or subject != view.subject:
        _check(view, new, subject)
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
        broken=_broken(view, source.raw, added) if content != source.raw else (),
        content=content,
    )


def _check(old: MailView, new: MailView, subject: str) -> None:
    """That nothing but what was meant to change has changed.

    Raises:
        UnreadableMail: the mail is built in a way that would not survive it.
    """
    same = (
        _grown(old.visible, new.visible)
        and _grown(old.text, new.text)
        and new.attachments == old.attachments
        and " ".join(new.subject.split()) == " ".join(subject.split())
    )
    if not same:
        raise UnreadableMail("the mail is too broken to be added to without harm; write it anew")


def _grown(old: str, new: str) -> bool:
    """Whether `new` is `old` with something put in at one place."""
    before, after = squeezed(old), squeezed(new)
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


def _broken(view: MailView, raw: bytes, added: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Signatures that the change breaks, or that do not cover what it adds (RFC 8058, 4)."""
    names = [said for name, said in _SIGNATURES.items() if view.header(name)]
    if set(added) == {"headers"}:
        return tuple(f"{name} does not cover the added fields: sign again" for name in names)
    kind = view.header("Content-Type").lower()
    if kind.startswith("multipart/signed") or b"BEGIN PGP SIGNED MESSAGE" in raw:
        names.append("the sender's own signature (S/MIME or PGP)")
    return tuple(f"{name} no longer holds: sign the mail again when it is sent" for name in names)
