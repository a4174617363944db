"""How well false claims are told from true ones: paragraphs about real cases, each true or made
false in one way, or without any claim.

Kinds of paragraphs. True: `number` (figures as the case gives them), `paraphrase` (the same
otherwise: half for 50 %), `named` (a customer and what it uses), `quotation` (words of the case).
False: `wrong_number`, `wrong_unit`, `wrong_direction`, `wrong_metric`, `wrong_customer`,
`invented_result`, `invented_quotation`. `none` states nothing that could be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.case import Case
from evaluation.claims.anymail import ClaimVerdict, MailClaim, claims_of
from evaluation.claims.search import CaseSearch
from evaluation.errors import NoSuchData
from evaluation.packs import RulePacks
from evaluation.view.mailview import MailView
from language.names import without_legal_form

__all__ = ["FALSE", "TRUE", "ClaimItem", "claim_items", "evaluate_claims", "paragraph"]

TRUE = ("number", "paraphrase", "named", "quotation")
FALSE = ("wrong_number", "wrong_unit", "wrong_direction", "wrong_metric", "wrong_customer",
         "invented_result", "invented_quotation")  # fmt: skip
_NONE = "none"
_ASKED = ("wrong_number", "wrong_unit", "wrong_direction", "wrong_customer")

Measures = Mapping[str, Mapping[str, Mapping[str, float]]]


class ClaimItem(BaseModel):
    """One paragraph. `case` is what it is about, `other` whose name a wrong customer has,
    `quote` where in the case's text the words of a quotation stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: str
    text: str
    language: str = ""
    case: str = ""
    other: str = ""
    quote: tuple[int, int] | None = None
    aside: bool = False  # was not looked at while the finder was made


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    language: str
    items: tuple[ClaimItem, ...]


@cache
def claim_items() -> tuple[ClaimItem, ...]:
    """Every paragraph of the set, language by language.

    Raises:
        NoSuchData: a file of the set is malformed.
    """
    found: list[ClaimItem] = []
    folder = files("evaluation.suites") / "data" / "claims"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        try:
            read = _File.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise NoSuchData(f"{file.name}: no set of claims; mend it ({error})") from error
        found += [item.model_copy(update={"language": read.language}) for item in read.items]
    return tuple(found)


def paragraph(item: ClaimItem, cases: Mapping[str, Case]) -> str:
    """The text of an item with names and quotations put in.

    Raises:
        NoSuchData: a case that it speaks of is not there.
    """
    text = item.text
    for place, case_id in (("{customer}", item.case), ("{other}", item.other)):
        if place in text:
            text = text.replace(place, _name(_case(cases, case_id), item.language))
    if item.quote is not None:
        start, end = item.quote
        text = text.replace("{quote}", _case(cases, item.case).text[start:end].strip(" ,，"))
    return text


def evaluate_claims(
    search: CaseSearch,
    cases: Mapping[str, Case],
    packs: RulePacks,
    ranking: str,
    advance: Callable[[], None] = lambda: None,
) -> Measures:
    """{set: {group: {measure: number}}} for the paragraphs worked with, those kept aside, and
    all, each by kind and by language.

    A false paragraph is caught where one of its claims is not supported; a true one is flagged
    where one is not. `found` is the share of paragraphs in which a claim was found at all,
    `contradicted` that in which a case was seen to state it otherwise, `right_case` that of
    supported ones whose case is the right one (or a translation of it).

    Args:
        ranking: how the cases were searched ("words", "hybrid"), for the name of the sets.
        advance: called after each paragraph.

    Raises:
        NoSuchData: a case that the set speaks of is not among `cases`.
    """
    looked: list[_Looked] = []
    for item in claim_items():
        view = MailView.from_text(paragraph(item, cases))
        looked.append(_Looked(item, claims_of(view, item.language, search, packs)))
        advance()
    parts = {
        "claims": looked,
        "claims worked with": [one for one in looked if not one.item.aside],
        "claims kept aside": [one for one in looked if one.item.aside],
    }
    return {f"{name} ({ranking})": dict(_groups(part)) for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True)
class _Looked:
    item: ClaimItem
    claims: tuple[MailClaim, ...]

    @property
    def flagged(self) -> bool:
        return any(claim.verdict is not ClaimVerdict.SUPPORTED for claim in self.claims)

    @property
    def contradicted(self) -> bool:
        return any(claim.verdict is ClaimVerdict.CONTRADICTED for claim in self.claims)

    @property
    def rightly_supported(self) -> bool:
        """Whether the case of every claim is the one it was written from, in any language."""
        wanted = _story(self.item.case)
        return all(_story(claim.case) == wanted for claim in self.claims)


def _groups(looked: Sequence[_Looked]) -> Iterator[tuple[str, Mapping[str, float]]]:
    yield "all", _overall(looked)
    for language in dict.fromkeys(one.item.language for one in looked):
        yield language, _overall([one for one in looked if one.item.language == language])
    for kind in (*TRUE, *FALSE, _NONE):
        of_kind = [one for one in looked if one.item.kind == kind]
        if of_kind:
            yield kind, _of_kind(kind, of_kind)


def _overall(looked: Sequence[_Looked]) -> Mapping[str, float]:
    true = [one for one in looked if one.item.kind in TRUE]
    none = [one for one in looked if one.item.kind == _NONE]
    measures: dict[str, float] = {"paragraphs": len(looked)}
    for kind in FALSE:
        false = [one for one in looked if one.item.kind == kind]
        if false:
            measures[f"caught_{kind}"] = _share([one.flagged for one in false])
    asked = [one.flagged for one in looked if one.item.kind in _ASKED]
    if asked:
        measures["caught_asked"] = _share(asked)
    if true:
        measures["true_flagged"] = _share([one.flagged for one in true])
        measures["true_found"] = _share([bool(one.claims) for one in true])
    if none:
        measures["none_flagged"] = _share([bool(one.claims) for one in none])
    return measures


def _of_kind(kind: str, looked: Sequence[_Looked]) -> Mapping[str, float]:
    measures: dict[str, float] = {
        "paragraphs": len(looked),
        "found": _share([bool(one.claims) for one in looked]),
        "flagged": _share([one.flagged for one in looked]),
        "contradicted": _share([one.contradicted for one in looked]),
    }
    if kind in TRUE:
        supported = [one for one in looked if one.claims and not one.flagged]
        if supported:
            measures["right_case"] = _share([one.rightly_supported for one in supported])
    return measures


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def _case(cases: Mapping[str, Case], case_id: str) -> Case:
    if case_id not in cases:
        raise NoSuchData(f"the set of claims speaks of {case_id}: give the cases it was written of")
    return cases[case_id]


def _name(case: Case, language: str) -> str:
    """What people call the customer in a language, without its legal form."""
    name = case.customer.get(language) or case.customer.get("", "")
    return without_legal_form(name.split(",")[0])


def _story(case_id: str) -> str:
    """A case whatever its language: "k8s/en/nav" and "k8s/ja/nav" are one story."""
    parts = case_id.split("/")
    return "/".join((parts[0], *parts[2:])) if len(parts) > 2 else case_id
