"""Cases in: read, kept in the records, indexed. Passages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.case import Case, Passage
from contracts.decision import User
from contracts.errors import BadInput
from contracts.seams import NoProgress, Progress
from review import require
from storage import PutResult
from workflow.house import House

if TYPE_CHECKING:
    from knowledge_base import CaseNote, Refusal

__all__ = [
    "CasesAdded",
    "add_cases",
    "check_cases",
    "list_cases",
    "passage_counts",
    "rebuild_index",
    "search",
]


@dataclass(frozen=True, slots=True)
class CasesAdded:
    added: int
    replaced: int
    unchanged: int
    passages: int  # written to the index; none where nothing changed
    refusals: tuple[Refusal, ...]

    @property
    def cases(self) -> int:
        return self.added + self.replaced + self.unchanged


def add_cases(
    house: House,
    paths: Sequence[Path],
    actor: User | None = None,
    progress: Progress | None = None,
) -> CasesAdded:
    """Take the cases of files and folders into the knowledge base.

    The same case again changes nothing; a changed one replaces its passages. The records
    are committed before the index: an index that was cut off is completed by the next
    call, since each case is looked up there by the hash of its text.

    Raises:
        BadInput: a path does not exist, or not one case could be read.
        NotAllowed: the actor may not keep cases.
    """
    from knowledge_base import Refusal, read_cases

    if actor is not None:
        require(actor, "manage_cases")
    progress = progress or NoProgress()
    cases: dict[str, Case] = {}
    refusals: list[Refusal] = []
    progress.start("read cases", len(paths))
    for path in paths:
        reading = read_cases(path)
        for case in reading.cases:
            first = cases.setdefault(case.id, case)
            if replace(first, path=case.path) != case:
                reason = f'id "{case.id}" was read before, from {first.path}'
                refusals.append(Refusal(case.path, 0, reason))
        refusals += reading.refusals
        progress.advance()
    progress.done()
    if not cases:
        raise BadInput(_nothing_read(refusals))
    index = house.index  # a model that is not there is told before anything is written
    counts = dict.fromkeys(PutResult, 0)
    with house.store.begin() as tx:
        for case in cases.values():
            counts[tx.cases.put(case)] += 1
        if counts[PutResult.ADDED] or counts[PutResult.REPLACED]:
            tx.audit.append(
                actor.id if actor else "system",
                "cases.added",
                "knowledge_base",
                {
                    "added": str(counts[PutResult.ADDED]),
                    "replaced": str(counts[PutResult.REPLACED]),
                },
                house.clock(),
            )
    report = index.put_many(cases.values(), progress)
    return CasesAdded(
        counts[PutResult.ADDED],
        counts[PutResult.REPLACED],
        counts[PutResult.UNCHANGED],
        report.passages,
        tuple(refusals),
    )


def _nothing_read(refusals: Sequence[Refusal]) -> str:
    """The first reason, with its place; how many more there are."""
    if not refusals:
        return "no case could be read: there is no .md, .json or .jsonl file"
    first = refusals[0]
    line = f" line {first.line}" if first.line else ""
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"no case could be read: {first.path}{line}: {first.reason}{more}"


def rebuild_index(house: House, progress: Progress | None = None) -> int:
    """Index every case of the records anew; the number of passages."""
    with house.store.read() as tx:
        cases = tx.cases.all()
    return house.index.rebuild(cases, progress).passages


def search(house: House, text: str, count: int = 8) -> tuple[Passage, ...]:
    """The passages of usable cases that fit `text` best; empty if there are none."""
    from knowledge_base import EvidenceQuery, retrieve
    from language.detect import detect

    query = EvidenceQuery(text=text, language=detect(text).language, today=house.today)
    return retrieve(house.index, house.evidence(), query, count)


def list_cases(house: House) -> list[Case]:
    with house.store.read() as tx:
        return tx.cases.all()


def passage_counts(house: House) -> Mapping[str, int]:
    """How many passages each case is found by, by case id."""
    from knowledge_base import split_passages

    return {case.id: len(split_passages(case)) for case in list_cases(house)}


def check_cases(house: House) -> tuple[CaseNote, ...]:
    """What a person should look at: missing fields, past dates, unsure results, text that
    reads like an instruction to a machine."""
    from knowledge_base import check_cases as check

    return check(list_cases(house), house.today)
