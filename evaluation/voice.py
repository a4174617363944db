"""Whether a mail keeps to the organisation's voice: words, emoji, length of sentences, form of
address. A voice is a choice, not a law: every finding warns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from contracts.case import Span
from contracts.mail import Module, ModuleKind
from contracts.verdict import Finding, Place, Severity
from contracts.voice import AddressWords, Voice
from language.sentences import sentences
from language.text import is_cjk, phrase_pattern

__all__ = ["judge_voice"]

_UNREAD = frozenset({ModuleKind.FOOTER, ModuleKind.GREETING, ModuleKind.SIGN_OFF})
_CLOSED = re.compile(r"[!！]")
_SOURCE = "Voice of the brand: {name}"


def judge_voice(
    modules: Sequence[Module], voice: Voice, language: str, address: AddressWords | None = None
) -> tuple[Finding, ...]:
    """What in `modules` is not as the voice wants it, in reading order, all warnings.

    Footer, greeting and signature are not read; quotations of cases are their speakers' words.

    Args:
        address: how the two forms of address are recognised; without it they are not judged.
    """
    return tuple(_findings(modules, voice, language, address))


def _findings(
    modules: Sequence[Module], voice: Voice, language: str, address: AddressWords | None
) -> Iterator[Finding]:
    rules = voice.of(language)
    shouted = 0
    for module in modules:
        if module.kind in _UNREAD:
            continue
        place = f"module:{module.kind}"
        text = module.text
        for word in rules.forbid:
            for span in _places(word, text):
                yield _finding(
                    voice, "forbidden_word", Place(place, span), f"«{word}» is not to be used.",
                    "Say it in another way.",
                )  # fmt: skip
        for wanted, others in rules.prefer.items():
            for other in others:
                for span in _places(other, text):
                    yield _finding(
                        voice, "preferred_word", Place(place, span),
                        f"«{other}» stands where the voice says «{wanted}».",
                        f"Write «{wanted}».",
                    )  # fmt: skip
        yield from _emoji(voice, module, place)
        shouted += len(_CLOSED.findall(text))
        if shouted > voice.exclamation_marks and _CLOSED.search(text):
            yield _finding(
                voice, "exclamation_marks", Place(place),
                f"The mail has more than {voice.exclamation_marks} exclamation marks.",
                "End the sentence with a full stop.",
            )  # fmt: skip
        if rules.sentence_max is not None:
            yield from _long(voice, module, place, language, rules.sentence_max)
        if address is not None and rules.address:
            yield from _address(voice, module, place, rules.address, address)


def _places(word: str, text: str) -> Iterator[Span]:
    for match in re.finditer(phrase_pattern(word), text, re.IGNORECASE):
        yield Span(*match.span())


def _emoji(voice: Voice, module: Module, place: str) -> Iterator[Finding]:
    allowed = voice.emoji == "anywhere" or (
        voice.emoji == "subject" and module.kind is ModuleKind.SUBJECT
    )
    if allowed:
        return
    for index, char in enumerate(module.text):
        if unicodedata.category(char) == "So" and ord(char) >= 0x2600:
            yield _finding(
                voice, "emoji", Place(place, Span(index, index + 1)), "An emoji stands here.",
                "Take it out, or allow it in the voice.",
            )  # fmt: skip


def _long(voice: Voice, module: Module, place: str, language: str, most: int) -> Iterator[Finding]:
    for span in sentences(module.text, language):
        sentence = span.of(module.text).strip()
        size = len(sentence) if is_cjk(sentence[:1]) else len(sentence.split())
        if size > most:
            yield _finding(
                voice, "long_sentence", Place(place, span),
                f"The sentence has {size} words or characters; the voice allows {most}.",
                "Make two of it.",
            )  # fmt: skip


def _address(
    voice: Voice, module: Module, place: str, wanted: str, words: AddressWords
) -> Iterator[Finding]:
    others = words.formal if wanted == "familiar" else words.familiar
    for pattern in others:
        match = re.search(pattern, module.text)
        if match:
            yield _finding(
                voice, "form_of_address", Place(place, Span(*match.span())),
                f"The reader is addressed in another form than the voice's ({wanted}).",
                "Use one form of address throughout.",
            )  # fmt: skip
            return


def _finding(voice: Voice, rule: str, place: Place, message: str, remedy: str) -> Finding:
    return Finding(
        rule=f"voice.{rule}",
        severity=Severity.WARN,
        jurisdiction="",
        place=place,
        message=message,
        source=_SOURCE.format(name=voice.name),
        verified=True,
        remedy=remedy,
    )
