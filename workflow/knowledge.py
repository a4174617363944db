"""Cases in: read, kept in the records, indexed. Passages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
    from knowledge_base import CaseNote, CaseReading, ParserProcess, Refusal

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
    case_ids: tuple[str, ...] = ()  # of all of them, in the order they were read

    @property
    def cases(self) -> int:
        return self.added + self.replaced + self.unchanged


def add_cases(
    house: House,
    paths: Sequence[Path | str],
    actor: User | None = None,
    progress: Progress | None = None,
) -> CasesAdded:
    """Take the cases of files, folders, archives and web addresses into the knowledge base.

    A text with "://" in it is an address. What cannot be fetched is refused like a file
    that cannot be read.

    The same case again changes nothing; a changed one replaces its passages. The records
    are committed before the index: an index that was cut off is completed by the next
    call, since each case is looked up there by the hash of its text.

    Raises:
        BadInput: a path does not exist, or not one case could be read.
        NotAllowed: the actor may not keep cases.
    """
    from knowledge_base import ParserProcess, Refusal

    if actor is not None:
        require(actor, "manage_cases")
    progress = progress or NoProgress()
    cases: dict[str, Case] = {}
    refusals: list[Refusal] = []
    with ParserProcess() as parser:
        for path in paths:
            reading = _read(path, house.today, progress, parser)
            for case in reading.cases:
                first = cases.setdefault(case.id, case)
                if replace(first, path=case.path) != case:
                    reason = f'id "{case.id}" was read before, from {first.path}'
                    refusals.append(Refusal(case.path, 0, reason))
            refusals += reading.refusals
    if not cases:
        raise BadInput(_nothing_read(refusals))
    index = house.index  # a model that is not there is told before anything is written
    counts = dict.fromkeys(PutResult, 0)
    with house.store.begin() as tx:
        for case in cases.values():
            counts[tx.cases.put(case)] += 1
        cases.update(tx.cases.many(cases))  # with what persons answered
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
    if index.outdated:  # another model was chosen: all of them are embedded with it, once
        with house.store.read() as tx:
            report = index.complete(tx.cases.all(), progress)
    else:
        report = index.put_many(cases.values(), progress)
    return CasesAdded(
        counts[PutResult.ADDED],
        counts[PutResult.REPLACED],
        counts[PutResult.UNCHANGED],
        report.passages,
        tuple(refusals),
        tuple(cases),
    )


def _read(path: Path | str, today: date, progress: Progress, parser: ParserProcess) -> CaseReading:
    from knowledge_base import read_address, read_cases

    if "://" not in str(path):
        return read_cases(Path(path), progress=progress, parser=parser)
    progress.start("read address", 1)
    reading = read_address(str(path), today=today, parser=parser)
    progress.advance()
    progress.done()
    return reading


def _nothing_read(refusals: Sequence[Refusal]) -> str:
    """The first reason, with its place; how many more there are."""
    if not refusals:
        from knowledge_base import SUFFIXES

        return f"no case could be read: there is no file of a kind read ({', '.join(SUFFIXES)})"
    first = refusals[0]
    line = f" line {first.line}" if first.line else ""
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"no case could be read: {first.path}{line}: {first.reason}{more}"


def rebuild_index(house: House, actor: User | None = None, progress: Progress | None = None) -> int:
    """Index every case of the records anew; the number of passages.

    Raises:
        NotAllowed: the actor may not keep cases.
    """
    if actor is not None:
        require(actor, "manage_cases")
    with house.store.read() as tx:
        cases = tx.cases.all()
    return house.index.rebuild(cases, progress).passages


def search(house: House, text: str, count: int = 8) -> tuple[Passage, ...]:
    """The passages of usable cases that fit `text` best; empty if there are none.

    Raises:
        IndexEmpty: there are cases, and the index holds none of them.
    """
    from knowledge_base import EvidenceQuery, retrieve
    from language.detect import detect

    query = EvidenceQuery(text=text, language=detect(text).language, today=house.today)
    return retrieve(house.filled_index, house.evidence(), query, count, reranker=house.reranker)


def list_cases(house: House) -> list[Case]:
    with house.store.read() as tx:
        return tx.cases.all()


def passage_counts(house: House) -> Mapping[str, int]:
    """How many passages each case is found by, by case id."""
    from knowledge_base import split_passages

    return {case.id: len(split_passages(case)) for case in list_cases(house)}


def check_cases(house: House, case_id: str = "") -> tuple[CaseNote, ...]:
    """What a person should look at: missing fields, past dates, unsure results, text that
    reads like an instruction to a machine; in one case, or "" for all.

    Raises:
        BadInput: there is no such case.
    """
    from knowledge_base import check_cases as check

    if not case_id:
        return check(list_cases(house), house.today)
    with house.store.read() as tx:
        case = tx.cases.get(case_id)
    if case is None:
        raise BadInput(f'there is no case "{case_id}"; `mailwright kb list` shows all')
    return check([case], house.today)
