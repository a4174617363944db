"""Whether a mail keeps to one language and holds no leftovers of its making."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from contracts.case import Span
from contracts.mail import CaseCitation
from contracts.verdict import Finding, Place, Severity
from evaluation.look import Look
from evaluation.packs import of_language
from evaluation.rulefiles import FidelityWords
from language.detect import Detection, detect
from language.sentences import sentences
from language.text import CJK

__all__ = ["judge_fidelity", "mail_language"]

_SURE = 0.8  # of a whole body: at least nineteen of twenty such answers are right
_SURE_OF_A_PARAGRAPH = 0.9
_WORDS_OF_A_SENTENCE = 8  # "Maintenance cost in automotive plants" passes for French
_SIGNS_OF_A_SENTENCE = 20  # in scripts without spaces
_NAMES = 3  # characters of the own script to one of another, at least
_UNSPACED = re.compile(f"[{CJK}]")  # letters of scripts without spaces between words
_SENTENCE = re.compile(r"[.!?。！？…][\"“”»’)]?\s*$")
_SOURCE = "House rule: one mail, one language; nothing unfinished leaves the house"


@lru_cache(maxsize=4096)
def _detected(text: str) -> Detection:
    """Footers and notices come again in every edition: each is looked at once."""
    return detect(text)


def mail_language(body: str, declared: str = "") -> str:
    """The language to read a mail by: the declared one, else the detected one if it is
    reasonably sure, else ""."""
    if declared:
        return declared
    found = _detected(body)
    return found.language if found.confidence >= 0.5 else ""


def judge_fidelity(look: Look, *, whole: bool = True) -> Iterator[Finding]:
    """Leftovers, then languages. A lone file that is no message may be a template: its
    placeholders are a warning; in a message or a campaign they block. `whole` False leaves out
    what is the same for every choice of an edition."""
    yield from _placeholders(look)
    if not look.language:
        return
    if whole:
        yield from _whole_body(look)
        yield from _page_language(look)
        yield from _subject(look)
    yield from _foreign_runs(look)
    if look.context.each_sentence:
        yield from _foreign_paragraphs(look)


def _placeholders(look: Look) -> Iterator[Finding]:
    words = look.packs.fidelity
    known = look.view.merge_fields | set(look.context.merge_fields)
    finished = look.context.in_campaign or look.view.has_headers
    severity = Severity.BLOCK if finished else Severity.WARN
    told: set[str] = set()
    places = [("subject", look.view.subject), *look.view.bodies]
    places += [("html", link.href) for link in look.view.page.links]
    for index, (part, text) in enumerate(places):
        in_text = index <= len(look.view.bodies)
        taken: list[Span] = []
        for pattern in words.placeholders:
            for match in re.finditer(pattern, text):
                raw = match.group()
                span = Span(*match.span())
                if any(item.covers(span) for item in taken):
                    continue  # "{name}" inside "{{name}}"
                taken.append(span)
                if raw in told or (raw.startswith("[[") and raw[2:-2].strip() in known):
                    continue
                told.add(raw)
                yield _finding(
                    "fidelity.placeholder",
                    severity,
                    Place(part, span if in_text else None),
                    f"A placeholder was not filled ({raw[:40]}).",
                    "Fill it, or take it out of the text.",
                )


def _whole_body(look: Look) -> Iterator[Finding]:
    for part, text in look.view.bodies:
        found = _detected(_own(look, part, text))
        if found.confidence >= _SURE and not _same(found.language, look.language):
            yield _finding(
                "fidelity.body_language",
                _severity(look),
                Place(part),
                f"The body is in {found.language}, not in {look.language}.",
                "Write the whole mail in the recipient's language.",
            )


def _page_language(look: Look) -> Iterator[Finding]:
    if not look.view.html:
        return
    if not look.view.lang:
        severity = Severity.WARN if look.context.in_campaign else Severity.NOTE
        message = "The page does not say what language it is in."
    elif not _same(look.view.lang, look.language):
        severity = _severity(look)
        message = f"The page says that it is in {look.view.lang}, and is in {look.language}."
    else:
        return
    remedy = f'Set lang="{look.language}" on the html element, so that it is read out rightly.'
    yield _finding("fidelity.page_language", severity, Place("html"), message, remedy)


def _subject(look: Look) -> Iterator[Finding]:
    """A subject is short: its script tells, and detection only where it is a sentence."""
    subject = _without_labels(look)
    words = look.packs.fidelity
    own = of_language(words.scripts, look.language) or ()
    if not subject.strip() or not own:
        return
    counts = {
        name: len(re.findall(f"[{characters}]", subject))
        for name, characters in words.script_characters.items()
    }
    letters = sum(counts[name] for name in own)
    others = sum(counts[name] for name in counts if name not in own and name != "latin")
    # Latin names stand in any mail; of another script a name at most.
    wrong = not letters or others > (letters if "latin" in own else letters // _NAMES)
    if not wrong and not _short(subject):
        found = _detected(subject)
        wrong = found.confidence >= _SURE_OF_A_PARAGRAPH and not _same(
            found.language, look.language
        )
    if wrong:
        yield _finding(
            "fidelity.subject_language",
            _severity(look),
            Place("subject", Span(0, len(look.view.subject))),
            f"The subject is not in {look.language}.",
            "Write the subject in the language of the mail.",
        )


def _foreign_runs(look: Look) -> Iterator[Finding]:
    words = look.packs.fidelity
    own = of_language(words.scripts, look.language) or ()
    if not own:
        return
    for part, text in look.view.bodies:
        kept = _own(look, part, text)
        for run in _runs(kept, own, words):
            yield _finding(
                "fidelity.foreign_script",
                _severity(look),
                Place(part, run.span),
                f"A stretch is in another script ({run.text[:30]}).",
                "Translate it; only names and short product terms may stay.",
            )
            break


@dataclass(frozen=True, slots=True)
class _Run:
    span: Span
    text: str


def _runs(text: str, own: Collection[str], words: FidelityWords) -> Iterator[_Run]:
    """Stretches in a script that is none of `own`: of Latin in another script more words than
    a name has, of any other more characters."""
    longest = words.longest_foreign_run
    if "latin" not in own:
        latin = words.script_characters["latin"]
        word = f"[{latin}][{latin}'’-]*"
        for match in re.finditer(rf"{word}(?:[ ,;:]+{word}){{{longest},}}", text):
            yield _Run(Span(*match.span()), match.group())
    for name, characters in words.script_characters.items():
        if name in own or name == "latin":
            continue
        for match in re.finditer(rf"[{characters}][{characters}\s，、：]{{{longest - 1},}}", text):
            yield _Run(Span(*match.span()), match.group())


def _foreign_paragraphs(look: Look) -> Iterator[Finding]:
    """Whole sentences in another language. Addresses and lists of facts are no sentences."""
    seen: set[str] = set()
    for part, text in look.view.bodies:
        kept = _own(look, part, text)
        for span in _sentence_spans(kept, look.language):
            line = span.of(kept).strip()
            if line in seen or _short(line) or not _SENTENCE.search(line):
                continue
            seen.add(line)
            found = _detected(line)
            if found.confidence < _SURE_OF_A_PARAGRAPH or _same(found.language, look.language):
                continue
            yield _finding(
                "fidelity.foreign_sentence",
                _severity(look),
                Place(part, span),
                f"A sentence is in {found.language}, not in {look.language}.",
                "Translate it, or mark it with lang if the law demands a second language.",
            )


def _short(line: str) -> bool:
    """Too short to tell its language from."""
    signs = len(_UNSPACED.findall(line))
    return len(line.split()) < _WORDS_OF_A_SENTENCE and signs < _SIGNS_OF_A_SENTENCE


def _sentence_spans(text: str, language: str) -> Iterator[Span]:
    """Each sentence of each line: a foreign one may hide in a paragraph of the right language."""
    for match in re.finditer(r"[^\n]+", text):
        for span in sentences(match.group(), language):
            yield Span(match.start() + span.start, match.start() + span.end)


def _own(look: Look, part: str, text: str) -> str:
    """`text` with everything blanked that may stand in another language: marked elements,
    names and addresses of the sender, names of cited customers. Places stay."""
    marked = [
        item.span for item in look.view.page.marked if not _same(item.language, look.language)
    ]
    strings = [span.of(look.view.visible) for span in marked]
    if part == "html":
        for span in marked:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    for name in sorted((*strings, *_names(look)), key=len, reverse=True):
        if name.strip():
            text = text.replace(name, " " * len(name))
    return text


def _names(look: Look) -> list[str]:
    names = list(look.packs.fidelity.foreign_words_allowed)
    context = look.context
    if context.brief:
        names.append(context.brief.product.name)
    if context.sender:
        sender = context.sender
        names += [sender.legal_name, sender.representative, sender.registration]
        names += [*sender.postal_address, *sender.from_name.values()]
        names += [*sender.signatory.name.values(), *sender.signatory.title.values()]
    if context.evidence:
        for module in context.modules:
            for claim in module.claims:
                citation = claim.citation
                if isinstance(citation, CaseCitation):
                    case = context.evidence.case(citation.case_id, citation.text_hash)
                    names += case.names() if case else ()
    return names


def _without_labels(look: Look) -> str:
    subject = look.view.subject
    for pack in look.packs.law.values():
        for label in pack.edition.subject_label.values():
            subject = subject.removeprefix(label)
    return subject


def _same(one: str, other: str) -> bool:
    """Whether two tags name one language. Regions do not matter, scripts do."""
    return _base(one) == _base(other)


def _base(tag: str) -> str:
    parts = tag.replace("_", "-").split("-")
    primary = parts[0].lower()
    if primary != "zh":
        return primary
    rest = {part.lower() for part in parts[1:]}
    return "zh-hant" if rest & {"hant", "tw", "hk", "mo"} else "zh-hans"


def _severity(look: Look) -> Severity:
    return Severity.BLOCK if look.context.in_campaign else Severity.WARN


def _finding(rule: str, severity: Severity, place: Place, message: str, remedy: str) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        jurisdiction="",
        place=place,
        message=message,
        source=_SOURCE,
        verified=True,
        remedy=remedy,
    )
