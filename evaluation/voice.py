"""Whether a mail keeps to the organisation's voice: words, emoji, length of sentences, form of
address. A voice is a choice, not a law: every finding warns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.case import Span
from contracts.mail import Module, ModuleKind
from contracts.verdict import Finding, Place
from contracts.voice import AddressWords, Voice
from evaluation.look import Look
from evaluation.packs import load_packs
from evaluation.rulefiles import TopicPack
from language.sentences import sentences
from language.text import is_cjk, phrase_pattern

__all__ = ["judge_mail_voice", "judge_voice"]

_UNREAD = frozenset({ModuleKind.FOOTER, ModuleKind.GREETING, ModuleKind.SIGN_OFF})
_CLOSED = re.compile(r"[!！]")
_SENTENCE = re.compile(r"[.!?。！？…][\"“”»’)」』]?\s*$")
_MOST_TEXT = 100_000  # characters of a part that are read


@dataclass(frozen=True, slots=True)
class _Passage:
    part: str
    text: str
    subject: bool = False
    running: bool = True  # False: lines of any kind, of which only sentences are counted


@dataclass(frozen=True, slots=True)
class _Ear:
    """What a passage is held against."""

    voice: Voice
    language: str
    address: AddressWords | None
    pack: TopicPack
    say: str

    def finding(self, rule: str, place: Place, **found: object) -> Finding:
        said = self.pack.rule(f"voice.{rule}").finding(place, say=self.say, **found)  # type: ignore[arg-type]
        return replace(said, source=f"{said.source}: {self.voice.name}")


def judge_voice(
    modules: Sequence[Module],
    voice: Voice,
    language: str,
    address: AddressWords | None = None,
    *,
    pack: TopicPack | None = None,
    say: str = "",
) -> tuple[Finding, ...]:
    """What in `modules` is not as the voice wants it, in reading order, all warnings.

    Footer, greeting and signature are not read; quotations of cases are their speakers' words.

    Args:
        address: how the two forms of address are recognised; without it they are not judged.
        pack: the topic `voice`; None is the product's own.
        say: language of the findings; "" English.
    """
    passages = [
        _Passage(f"module:{module.kind}", module.text, module.kind is ModuleKind.SUBJECT)
        for module in modules
        if module.kind not in _UNREAD
    ]
    own = pack or load_packs().topics["voice"]
    return tuple(_findings(passages, _Ear(voice, language, address, own, say)))


def judge_mail_voice(look: Look) -> Iterator[Finding]:
    """The same of any mail, if a voice is known: of its modules where it has any, else of its
    subject and of what is shown of it. Nobody knows there what is signature or footer, so that
    all of it is read."""
    context = look.context
    if context.voice is None:
        return
    pack = look.packs.topics["voice"]
    ear = _Ear(context.voice, look.language, context.address, pack, context.say)
    if context.modules:
        yield from judge_voice(
            context.modules, ear.voice, look.language, ear.address, pack=pack, say=ear.say
        )
        return
    passages = [_Passage("subject", look.view.subject, subject=True)]
    passages += [
        _Passage(part, text[:_MOST_TEXT], running=False) for part, text in look.view.bodies[:1]
    ]
    yield from _findings(passages, ear)


def _findings(passages: Sequence[_Passage], ear: _Ear) -> Iterator[Finding]:
    voice = ear.voice
    rules = voice.of(ear.language)
    shouted = 0
    for passage in passages:
        text = passage.text
        for word in rules.forbid:
            for span in _places(word, text):
                yield ear.finding("forbidden_word", Place(passage.part, span), word=word)
        for wanted, others in rules.prefer.items():
            for other in others:
                for span in _places(other, text):
                    place = Place(passage.part, span)
                    yield ear.finding("preferred_word", place, word=wanted, other=other)
        yield from _emoji(passage, ear)
        shouted += len(_CLOSED.findall(text))
        if shouted > voice.exclamation_marks and _CLOSED.search(text):
            place = Place(passage.part)
            yield ear.finding("exclamation_marks", place, most=voice.exclamation_marks)
        if rules.sentence_max is not None:
            yield from _long(passage, ear, rules.sentence_max)
        if ear.address is not None and rules.address:
            yield from _address(passage, ear, rules.address, ear.address)


def _places(word: str, text: str) -> Iterator[Span]:
    for match in re.finditer(phrase_pattern(word), text, re.IGNORECASE):
        yield Span(*match.span())


def _emoji(passage: _Passage, ear: _Ear) -> Iterator[Finding]:
    if ear.voice.emoji == "anywhere" or (ear.voice.emoji == "subject" and passage.subject):
        return
    for index, char in enumerate(passage.text):
        if ord(char) >= 0x2600 and unicodedata.category(char) == "So":
            yield ear.finding("emoji", Place(passage.part, Span(index, index + 1)))


def _long(passage: _Passage, ear: _Ear, most: int) -> Iterator[Finding]:
    for span in _sentences(passage, ear.language):
        sentence = span.of(passage.text).strip()
        size = len(sentence) if is_cjk(sentence[:1]) else len(sentence.split())
        if size > most:
            yield ear.finding("long_sentence", Place(passage.part, span), size=size, most=most)


def _sentences(passage: _Passage, language: str) -> Iterator[Span]:
    if passage.running:
        yield from sentences(passage.text, language)
        return
    for line in re.finditer(r"[^\n]+", passage.text):
        for span in sentences(line.group(), language):
            if _SENTENCE.search(span.of(line.group())[-8:]):
                yield Span(line.start() + span.start, line.start() + span.end)


def _address(passage: _Passage, ear: _Ear, wanted: str, words: AddressWords) -> Iterator[Finding]:
    others = words.formal if wanted == "familiar" else words.familiar
    for pattern in others:
        match = re.search(pattern, passage.text)
        if match:
            place = Place(passage.part, Span(*match.span()))
            yield ear.finding("form_of_address", place, wanted=wanted)
            return
