"""Whether a module that was said in another language says the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.brief import Brief
from contracts.case import Case, Span
from contracts.mail import BriefCitation, Claim, ClaimKind, Module, ModuleKind
from language.names import find_names
from language.numbers import Number
from personalize.writing.claim_marks import unmarked
from personalize.writing.glossary import Glossary
from personalize.writing.inspection import Inspector
from personalize.writing.letter_evidence import Evidence, in_language
from personalize.writing.sources import figures_in
from personalize.writing.task import WritingTask
from personalize.writing.text_signs import TextSigns, tidy

__all__ = ["Rendering", "Translated", "names_of"]

_FIELD = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Translated:
    """`module` is None where it was refused; `why` then completes "was replaced: …"."""

    module: Module | None
    why: str = ""


class Rendering:
    """Judges the modules of one letter that was said in another language.

    Args:
        names: how customers and the product are called in either language, by case id and ""
            for the product.
        limits: characters of the kinds that have a limit of their own.
    """

    def __init__(
        self,
        source_language: str,
        task: WritingTask,
        inspector: Inspector,
        signs: TextSigns,
        names: Mapping[str, tuple[str, ...]],
        glossary: Glossary,
        limits: Mapping[ModuleKind, int],
        origin: str,
    ) -> None:
        self._from = source_language
        self._to = task.language
        self._brief = task.brief
        self._inspector = inspector
        self._signs = signs
        self._names = names
        self._glossary = glossary
        self._limits = limits
        self._origin = origin

    def module(self, source: Module, received: str) -> Translated:
        """The module that `received`, with its marks, makes of `source`, or why none."""
        clean = "\n\n".join(filter(None, map(tidy, re.split(r"\n\s*\n", received))))
        if not clean:
            return Translated(None, "it is empty")
        read = unmarked(clean, len(source.claims))
        if read is None:
            return Translated(None, "its marks are not those of the source")
        text, spans = read
        for why in (
            self._form(source, text),
            self._figures(source.text, text, "it"),
            self._named(source.text, text),
            self._terms(source.text, text),
        ):
            if why:
                return Translated(None, why)
        claims: list[Claim] = []
        for claim, span in zip(source.claims, spans, strict=True):
            made = self._claim(source.text, claim, text, span)
            if isinstance(made, str):
                return Translated(None, made)
            claims.append(made)
        claims.sort(key=lambda claim: (claim.span.start, -claim.span.end))
        return Translated(
            replace(source, text=text, claims=tuple(claims), origin=self._origin, note="")
        )

    def _form(self, source: Module, text: str) -> str:
        if text.count("\n\n") != source.text.count("\n\n"):
            return "it has not as many paragraphs as the source"
        fields = Counter(_FIELD.findall(source.text))
        if Counter(_FIELD.findall(text)) != fields:
            return "its merge fields are not those of the source"
        most = self._limits.get(source.kind, 0)
        if most and len(text) > most:
            return f"it has {len(text)} characters, and {most} is the most"
        plain = _FIELD.sub(" ", text)
        return (
            self._signs.fault(text, tuple(fields))
            or self._inspector.who_fault(plain)
            or self._inspector.language_fault(plain.split("\n\n"))
            or self._signs.invented(self._blanked(plain))
        )

    def _figures(self, source: str, text: str, what: str) -> str:
        """Every figure of the source is there once, and no other is."""
        left = list(figures_in(self._blanked(text), self._to))
        for number in figures_in(self._blanked(source), self._from):
            same = next((item for item in left if _same(number, item)), None)
            if same is None:
                return f"{what} lacks {_raw(number)} of the source"
            left.remove(same)
        return f"{what} states {_raw(left[0])}, which the source does not" if left else ""

    def _named(self, source: str, text: str) -> str:
        for names in self._names.values():
            if len(find_names(source, names)) != len(find_names(text, names)):
                return f"it has not the name {names[0]} as often as the source"
        return ""

    def _terms(self, source: str, text: str) -> str:
        word = self._glossary.missing(source, text, self._from, self._to)
        return f"it lacks «{word}», the glossary's word for a term of the source" if word else ""

    def _claim(self, source: str, claim: Claim, text: str, span: Span) -> Claim | str:
        said = span.of(text)
        if why := self._figures(claim.span.of(source), said, "what is marked"):
            return why
        citation = claim.citation
        if claim.kind is ClaimKind.CUSTOMER and not find_names(said, self._customers()):
            return "a mark of the customer's name is not around it"
        if not isinstance(citation, BriefCitation):
            return replace(claim, span=span)
        name, _, tag = citation.field.rpartition(".")
        if tag != self._from and not self._from.startswith(f"{tag}-"):
            return replace(claim, span=span)  # a field that is the same in every language
        found, quote = in_language(_texts(self._brief, name), self._to)
        if not quote:
            return f"the brief has no {name} in {self._to} for it to rest on"
        field = f"{name}.{found or self._to}"
        return replace(claim, span=span, citation=BriefCitation(field, quote))

    def _customers(self) -> tuple[str, ...]:
        return tuple(form for key, forms in self._names.items() if key for form in forms)

    def _blanked(self, text: str) -> str:
        """Without names: digits in the name of a product are no figures."""
        every = [form for forms in self._names.values() for form in forms]
        for span in find_names(text, every):
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
        return text


def names_of(
    evidence: Evidence, cases: Mapping[str, Case], product: str
) -> Mapping[str, tuple[str, ...]]:
    """How the customers that may be named and the product are called, in every language."""
    names: dict[str, tuple[str, ...]] = {"": (product,)}
    for telling in evidence.tellings:
        if telling.name and telling.case.id in cases:
            forms = (telling.name, *telling.case.names())
            names[telling.case.id] = tuple(dict.fromkeys(forms))
    return names


def _texts(brief: Brief, name: str) -> Mapping[str, str]:
    value: object = brief
    for part in name.split("."):
        value = getattr(value, part, None)
    return value if isinstance(value, Mapping) else {}


def _same(one: Number, other: Number) -> bool:
    """Equal values, in equal units where both state one."""
    units = {one.unit or "count", other.unit or "count"}
    return one.value == other.value and (len(units) == 1 or "count" in units)


def _raw(number: Number) -> str:
    return " ".join(number.raw.split())
