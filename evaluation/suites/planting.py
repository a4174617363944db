"""Plants one falsehood at a time into the modules of a grounded draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contracts.case import Span
from contracts.mail import CaseCitation, Claim, ClaimKind, Module, ModuleKind
from language.mentions import find_metrics
from language.numbers import Number, find_numbers, format_number
from language.taxonomy import load_taxonomy

__all__ = ["Planted", "plant"]

_READ = frozenset(
    {
        ModuleKind.SUBJECT,
        ModuleKind.OPENER,
        ModuleKind.PROBLEM,
        ModuleKind.SOLUTION,
        ModuleKind.PROOF,
        ModuleKind.SOCIAL_PROOF,
    }
)
# Names of companies that do not exist, in Latin letters, which all languages carry.
_STRANGERS = ("Nordhaven Optics", "Vestrum Castings", "Calderra Foods")
_FACTORS = (Decimal(2), Decimal("1.5"), Decimal("0.5"), Decimal(3))


@dataclass(frozen=True, slots=True)
class Planted:
    """The modules with one falsehood in them."""

    kind: str  # "number", "swapped", "name", "metric", or a key of `uncited`
    modules: tuple[Module, ...]


def plant(
    modules: Sequence[Module],
    language: str,
    uncited: Mapping[str, Sequence[str]] = {},
    case_values: frozenset[Decimal] = frozenset(),
) -> Iterator[Planted]:
    """Every falsehood that can be planted, one at a time.

    A figure is made another one in each claim of a result; the values before and after change
    places; the customer gets a name that the case does not know; the metric becomes another;
    sentences that state a result are added without a source.

    Args:
        uncited: sentences in `language` that state a result nobody cites, by kind.
        case_values: values that the cited cases state somewhere: no planted figure is one of
            these, since it might be true.
    """
    for index, module in enumerate(modules):
        if module.kind not in _READ:
            continue
        for claim in module.claims:
            if not isinstance(claim.citation, CaseCitation):
                continue
            for kind, changed in _of_claim(module, claim, language, case_values):
                yield Planted(kind, (*modules[:index], changed, *modules[index + 1 :]))
    opener = next((i for i, m in enumerate(modules) if m.kind is ModuleKind.OPENER), None)
    if opener is None:
        return
    module = modules[opener]
    for kind, sentences in uncited.items():
        for sentence in sentences:
            changed = replace(module, text=f"{module.text} {sentence}")
            yield Planted(kind, (*modules[:opener], changed, *modules[opener + 1 :]))


def _of_claim(
    module: Module, claim: Claim, language: str, case_values: frozenset[Decimal]
) -> Iterator[tuple[str, Module]]:
    said = claim.span.of(module.text)
    if claim.kind is ClaimKind.CUSTOMER:
        for stranger in _STRANGERS[:1]:
            yield "name", _replaced(module, claim.span, stranger)
        return
    if claim.kind is not ClaimKind.RESULT:
        return
    numbers = find_numbers(said, language)
    for number in numbers:
        false = _other_figure(number, language, case_values)
        if false:
            yield "number", _replaced(module, _moved(number.span, claim.span), false)
    two = [number for number in numbers if number.span.end > number.span.start]
    if len(two) == 2 and two[0].value != two[1].value:
        first, second = (_digits(number) for number in two)
        if first and second:
            later = _replaced(module, _moved(second[0], claim.span), first[1])
            yield "swapped", _replaced(later, _moved(first[0], claim.span), second[1])
    mentions = find_metrics(said, language)
    if mentions:
        other = _other_metric(mentions[0].metric, language)
        yield "metric", _replaced(module, _moved(mentions[0].span, claim.span), other)


def _other_figure(number: Number, language: str, taken: frozenset[Decimal]) -> str:
    """The digits of a number made into another value, its unit left as it stands."""
    found = _digits(number)
    if found is None:
        return ""
    span, digits = found
    for factor in _FACTORS:
        value = (number.value * factor).normalize()
        if value == number.value or value in taken or value != value.to_integral_value():
            continue
        scale = _scale(number, digits, language)
        if scale is None:
            return ""
        new = format_number(value / scale, language)
        start = span.start - number.span.start
        return number.raw[:start] + new + number.raw[start + len(digits) :]
    return ""


def _scale(number: Number, digits: str, language: str) -> Decimal | None:
    """What the digits are multiplied by: 10,000 in 12万; None if that cannot be told."""
    read = find_numbers(digits, language)
    if len(read) != 1 or not read[0].value:
        return None
    return number.value / read[0].value


def _digits(number: Number) -> tuple[Span, str] | None:
    """Where the figures of a number stand in its text, and which they are."""
    places = [index for index, char in enumerate(number.raw) if char.isdigit()]
    if not places:
        return None
    start, end = places[0], places[-1] + 1
    span = Span(number.span.start + start, number.span.start + end)
    return span, number.raw[start:end]


def _other_metric(metric: str, language: str) -> str:
    """Another metric of the taxonomy by its name, one that goes the same way."""
    taxonomy = load_taxonomy()
    better = taxonomy.metric(metric).better
    same = [item for item in taxonomy.ids("metric") if taxonomy.metric(item).better is better]
    other = same[(same.index(metric) + len(same) // 2) % len(same)]
    return taxonomy.label("metric", other, language)


def _moved(inner: Span, outer: Span) -> Span:
    return Span(outer.start + inner.start, outer.start + inner.end)


def _replaced(module: Module, span: Span, text: str) -> Module:
    """The module with other words at `span`; claims around and after it move along."""
    change = len(text) - (span.end - span.start)

    def moved(claim: Claim) -> Claim:
        start, end = claim.span.start, claim.span.end
        if start >= span.end:
            start += change
        if end >= span.end:
            end += change
        return replace(claim, span=Span(start, max(start, end)))

    return replace(
        module,
        text=module.text[: span.start] + text + module.text[span.end :],
        claims=tuple(moved(claim) for claim in module.claims),
    )
