"""What a writer is given for one segment in one language: its facts and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from contracts.brief import Brief, SegmentRule, Sender
from contracts.case import Case, Passage
from contracts.errors import BadInput
from contracts.voice import Voice, VoiceLanguage
from language import load_taxonomy
from personalize import WritingTask
from workflow.evidence import evidence_for, results_of
from workflow.house import House

__all__ = ["segment_rule", "writing_task"]


def writing_task(
    house: House,
    brief: Brief,
    sender: Sender,
    rule: SegmentRule,
    language: str,
    seed: int = 0,
    voice: Voice | None = None,
    also: Sequence[str] = (),
) -> WritingTask:
    """What a writer is given for one segment in one language: its facts and its evidence.

    Args:
        seed: added to the workspace's own; another one gives other wordings.
        voice: whose words and form of address a writer keeps to.
        also: cases that must be among the evidence, whatever was found.
    """
    words = voice.of(language) if voice else VoiceLanguage()
    industry, role = _fact(rule, "industry"), _fact(rule, "role")
    passages = evidence_for(house, brief, rule, language, industry, role)
    missing = [case_id for case_id in also if case_id not in {p.case_id for p in passages}]
    passages += tuple(item for case_id in missing for item in results_of(house, case_id))
    return WritingTask(
        brief=brief,
        sender=sender,
        segment=rule.name,
        language=language,
        industry=industry,
        role=role,
        passages=passages,
        cases=_cases(house, passages),
        today=house.today,
        seed=house.settings.seed + seed,
        problem=load_taxonomy().find("problem", rule.problem) if rule.problem else "",
        stage=rule.stage,
        touch=rule.touch,
        ordinal=[item.name for item in brief.segments].index(rule.name),
        address=words.address,
        preferred=tuple(words.prefer),
        forbidden=(*words.forbid, *(item for items in words.prefer.values() for item in items)),
    )


def segment_rule(brief: Brief, segment: str) -> SegmentRule:
    """The brief's rule of a segment.

    Raises:
        BadInput: it has none of that name.
    """
    found = next((rule for rule in brief.segments if rule.name == segment), None)
    if found is None:
        raise BadInput(f"the brief has no segment «{segment}» any more: draft it again")
    return found


def _fact(rule: SegmentRule, field: Literal["industry", "role"]) -> str:
    """A fact that holds for the whole segment, as its taxonomy id: one value, not several
    or a comparison. Rules may name it in any language, as the segments do."""
    value = rule.where.get(field, "")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return load_taxonomy().find(field, value) if isinstance(value, str) else ""


def _cases(house: House, passages: tuple[Passage, ...]) -> Mapping[str, Case]:
    with house.store.read() as tx:
        found = {
            case_id: tx.cases.get(case_id)
            for case_id in dict.fromkeys(passage.case_id for passage in passages)
        }
    return {case_id: case for case_id, case in found.items() if case is not None}
