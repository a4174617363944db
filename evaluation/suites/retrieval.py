"""How well the right documents are found: sets of questions, and measures over ranks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import NoSuchData

__all__ = [
    "Asked",
    "Document",
    "RetrievalScore",
    "RetrievalSet",
    "load_retrieval_sets",
    "score_ranks",
]

DEPTH = 10  # places that count
_BARE = re.compile(r"[A-Za-z0-9\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A text that can be found. `record` is the whole case where the data is of cases."""

    id: str
    text: str
    language: str
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    language: str
    relevant: str  # id of the document that answers it


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions of one kind over one collection. `collection` names it: sets that share it
    may share an index."""

    name: str
    group: str  # a language, or a language and what was done to the questions
    collection: str
    documents: tuple[Document, ...]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class RetrievalScore:
    """recall1, recall5: share of questions whose document is first, among the first five.
    mrr10: mean of 1/rank, 0 beyond the tenth place (C. Manning, P. Raghavan, H. Schütze,
    Introduction to Information Retrieval, 2008, ch. 8)."""

    recall1: float
    recall5: float
    mrr10: float
    questions: int


def score_ranks(ranks: Sequence[int | None]) -> RetrievalScore:
    """The measures over the rank of the right document for each question, from 1; None where
    it was not found.

    Raises:
        ValueError: there are no questions: no measure can be given.
    """
    if not ranks:
        raise ValueError("no questions, so there is nothing to measure")
    count = len(ranks)
    found = [rank for rank in ranks if rank is not None and rank <= DEPTH]
    return RetrievalScore(
        recall1=sum(rank == 1 for rank in found) / count,
        recall5=sum(rank <= 5 for rank in found) / count,
        mrr10=sum(1 / rank for rank in found) / count,
        questions=count,
    )


def load_retrieval_sets(folder: Path, languages: Iterable[str] = ()) -> tuple[RetrievalSet, ...]:
    """The sets that a folder holds, in the order of their groups.

    Read are `paragraphs.jsonl` with `questions.jsonl` (a paragraph is found for a question by
    `para_id`, within its language), and `cases.jsonl` with `parallel_en_zh.jsonl` (a paragraph
    of a story asks for the English story): the English paragraphs, the Chinese ones, and these
    without Latin letters and digits.

    Raises:
        NoSuchData: the folder holds neither, a file is not as described, or there are no
            questions, or none in the `languages`.
    """
    wanted = set(languages)
    folder = folder.resolve()  # its name is that of the set
    try:
        if (folder / "questions.jsonl").exists():
            sets = _paragraph_sets(folder)
        elif (folder / "parallel_en_zh.jsonl").exists():
            sets = _case_sets(folder)
        else:
            raise NoSuchData(
                f"{folder} holds no retrieval set; it needs paragraphs.jsonl and questions.jsonl, "
                "or cases.jsonl and parallel_en_zh.jsonl"
            )
    except OSError as error:
        raise NoSuchData(f"{error.filename}: cannot be read ({error.strerror}); mend it") from error
    except KeyError as error:
        raise NoSuchData(f"{folder}: a record lacks {error}; mend it") from error
    except ValueError as error:
        raise NoSuchData(f"{folder}: a record is not as expected ({error}); mend it") from error
    there = [s for s in sets if s.questions]
    found = tuple(s for s in there if not wanted or s.group in wanted)
    if not found:
        groups = ", ".join(s.group for s in there) or "none at all"
        raise NoSuchData(f"{folder} holds no such questions; it has {groups}")
    return found


def _paragraph_sets(folder: Path) -> list[RetrievalSet]:
    documents: dict[str, list[Document]] = {}
    for row in _rows(folder / "paragraphs.jsonl"):
        language = str(row.get("lang", "zh"))
        documents.setdefault(language, []).append(
            Document(str(row["para_id" if "para_id" in row else "id"]), str(row["text"]), language)
        )
    questions: dict[str, list[Asked]] = {}
    for row in _rows(folder / "questions.jsonl"):
        language = str(row.get("lang", "zh"))
        asked = Asked(str(row["question"]), language, str(row["para_id"]))
        questions.setdefault(language, []).append(asked)
    for language, asked_in in questions.items():
        there = {document.id for document in documents.get(language, ())}
        for asked in asked_in:
            if asked.relevant not in there:
                raise ValueError(f"no paragraph {asked.relevant} in {language}")
    return [
        RetrievalSet(
            folder.name, language, language, tuple(documents[language]), tuple(questions[language])
        )
        for language in sorted(questions)
    ]


def _case_sets(folder: Path) -> list[RetrievalSet]:
    rows = list(_rows(folder / "cases.jsonl"))
    english = [row for row in rows if row["lang"] == "en"]
    documents = tuple(Document(str(r["id"]), str(r["text"]), "en", r) for r in english)
    by_story = {str(row["parallel_id"]): str(row["id"]) for row in english}
    pairs = [row for row in _rows(folder / "parallel_en_zh.jsonl") if str(row["case"]) in by_story]

    def made(group: str, language: str, texts: Iterable[str]) -> RetrievalSet:
        asked = tuple(
            Asked(text, language, by_story[str(row["case"])])
            for row, text in zip(pairs, texts, strict=True)
            if text.strip()
        )
        return RetrievalSet(folder.name, group, "en", documents, asked)

    return [
        made("en", "en", (str(row["en"]) for row in pairs)),
        made("zh", "zh-Hans", (str(row["zh"]) for row in pairs)),
        made("zh-bare", "zh-Hans", (_BARE.sub(" ", str(row["zh"])) for row in pairs)),
    ]


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{file.name}, line {number}: {error.msg}") from error
            if not isinstance(row, dict):
                raise ValueError(f"{file.name}, line {number}: no object")
            yield row
