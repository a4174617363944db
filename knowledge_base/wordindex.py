"""BM25 over the words of passages and over the concepts they speak of, in files that are
mapped into memory: searching loads no text and nothing twice.

A snapshot is one folder that never changes; a writer makes the next one beside it and then
points to it. What a snapshot holds can always be made again from the vector store.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.case import SectionKind, Span
from knowledge_base.entries import Entry, IndexFilter, IndexHit, as_number
from knowledge_base.errors import IndexUnreadable

__all__ = ["Snapshot", "WordIndex"]

FORMAT = 1  # of the files; another number is made anew
# Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), 3.3:
# k1 between 1.2 and 2, b between 0.5 and 0.8 are reasonable. Method: Lucene's, as bm25s names it.
K1, B = 1.5, 0.75
_COLUMNS = ("case", "language", "kind", "industry", "region", "named", "until", "ordinal",
            "start", "end")  # fmt: skip
_NAMED = {"language", "kind", "industry", "region"}  # columns that hold codes of labels
_CURRENT = "current"
_TRIES = 3
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError)  # what reading one may raise

Ints = NDArray[np.int32]


class Snapshot:
    """One state of the index, mapped from its folder. Does not change.

    All of its files are opened at once: the next writer takes the folder away while this state
    may still be in use, and a file that is damaged must show before it is.
    """

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError("another format")
        self.version: str = about["version"]
        self.labels: Mapping[str, list[str]] = about["labels"]
        self.cases: list[list[str]] = about["cases"]  # id, text hash, stamp
        self._columns: Ints = _mapped(folder / "columns.npy")
        self._terms: tuple[NDArray[np.int64], Ints] = (
            _mapped(folder / "indptr.npy"),
            _mapped(folder / "terms.npy"),
        )
        self._ids: tuple[NDArray[np.int64], NDArray[np.uint8]] = (
            _mapped(folder / "id_places.npy"),
            _mapped(folder / "ids.npy"),
        )
        words: list[str] = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        # Words and concepts (these begin with "#") and their numbers.
        self.vocabulary: Mapping[str, int] = {word: number for number, word in enumerate(words)}
        self._scorers = tuple(
            _load_bm25(folder / name) if name in about["scorers"] else None
            for name in ("words", "concepts")
        )
        if not len(self) == len(self._terms[0]) - 1 == len(self._ids[0]) - 1:
            raise ValueError("files of different states")

    def __len__(self) -> int:
        return int(self._columns.shape[1])

    def column(self, name: str) -> Ints:
        found: Ints = self._columns[_COLUMNS.index(name)]
        return found

    @property
    def languages(self) -> Sequence[str]:
        """The languages that passages are in."""
        return self.labels["language"]

    def terms(self, row: int) -> Ints:
        """The numbers of a passage's words and concepts, in order and with repetitions."""
        indptr, terms = self._terms
        return terms[indptr[row] : indptr[row + 1]]

    def scores(
        self, words: Iterable[str], concepts: Iterable[str], mask: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """BM25 of every passage for words and for concepts; 0 where `mask` is False."""
        by_words, by_concepts = self._scorers
        return (
            _scores(by_words, self._numbers(words), len(self), mask),
            _scores(by_concepts, self._numbers(concepts), len(self), mask),
        )

    def _numbers(self, terms: Iterable[str]) -> list[int]:
        vocabulary = self.vocabulary
        return [vocabulary[term] for term in terms if term in vocabulary]

    def mask(self, filters: IndexFilter) -> NDArray[np.bool_] | None:
        """Which passages the filters let through; None where they ask nothing."""
        parts: list[NDArray[np.bool_]] = []
        for name, wanted in (
            ("language", filters.languages),
            ("industry", filters.industries),
            ("region", filters.regions),
            ("kind", tuple(kind.value for kind in filters.kinds)),
        ):
            if wanted:
                codes = [i for i, label in enumerate(self.labels[name]) if label in wanted]
                parts.append(np.isin(self.column(name), codes))
        if filters.case_ids:
            ids = set(filters.case_ids)
            parts.append(
                np.isin(self.column("case"), [i for i, c in enumerate(self.cases) if c[0] in ids])
            )
        if filters.named_only:
            parts.append(self.column("named") == 1)
        if filters.usable_on is not None:
            parts.append(self.column("until") >= as_number(filters.usable_on))
        return np.logical_and.reduce(parts) if parts else None

    def hit(self, row: int, score: float = 0.0) -> IndexHit:
        column = {name: int(self._columns[i, row]) for i, name in enumerate(_COLUMNS)}
        case_id, text_hash, _ = self.cases[column["case"]]
        kind = self.labels["kind"][column["kind"]]
        return IndexHit(
            passage_id=self.passage_id(row),
            case_id=case_id,
            kind=SectionKind(kind),
            language=self.labels["language"][column["language"]],
            text_hash=text_hash,
            ordinal=column["ordinal"],
            span=Span(column["start"], column["end"]),
            score=score,
        )

    def passage_id(self, row: int) -> str:
        places, letters = self._ids
        return bytes(letters[places[row] : places[row + 1]]).decode("utf-8")

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        places, letters = self._ids
        whole = letters.tobytes()
        at = places.tolist()
        return {
            whole[start:end].decode("utf-8"): row for row, (start, end) in enumerate(pairwise(at))
        }

    def row_of(self, passage_id: str) -> int | None:
        """The number of a passage, None where it is not here."""
        return self._rows.get(passage_id)

    def stamp(self, row: int) -> str:
        """The stamp of the case that a passage is of."""
        return self.cases[int(self.column("case")[row])][2]

    @cached_property
    def _term_names(self) -> Sequence[str]:
        return list(self.vocabulary)

    def entry(self, row: int) -> Entry:
        """A passage as it was put in, for the next snapshot."""
        at = {name: int(self._columns[i, row]) for i, name in enumerate(_COLUMNS)}
        terms = [self._term_names[number] for number in self.terms(row)]
        return Entry(
            hit=self.hit(row),
            stamp=self.cases[at["case"]][2],
            industry=self.labels["industry"][at["industry"]],
            region=self.labels["region"][at["region"]],
            named=bool(at["named"]),
            until=at["until"],
            words=tuple(term for term in terms if not term.startswith("#")),
            concepts=tuple(term for term in terms if term.startswith("#")),
        )


class WordIndex:
    """The snapshots of a folder. Safe for several readers; one writer at a time, which the
    caller sees to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: Snapshot | None = None
        self._name = ""

    def snapshot(self) -> Snapshot | None:
        """The current state, None where there is none yet or it cannot be read."""
        with self._lock:
            for _ in range(_TRIES):
                name = self._pointer()
                if name != self._name or self._open is None:
                    self._open, self._name = None, name
                    if name:
                        with suppress(*_DAMAGED):
                            self._open = Snapshot(self._folder / name)
                if self._open is not None or name == self._pointer():
                    break  # else a writer was quicker, and has taken that state away
            return self._open

    def make(self, version: str, entries: Sequence[Entry]) -> Snapshot:
        """The next state, of nothing but `entries`, which `version` names.

        Raises:
            IndexUnreadable: the folder cannot be written.
        """
        name = f"s-{uuid.uuid4().hex[:12]}"
        entries = sorted(entries, key=lambda entry: entry.hit.passage_id)
        try:
            _write(self._folder / name, version, entries)
            _point(self._folder, name)
        except OSError as error:
            shutil.rmtree(self._folder / name, ignore_errors=True)
            raise IndexUnreadable(
                f"the words index cannot be written ({error.strerror or error}); make room or "
                "mend the permissions of the workspace, then run `mailwright kb check --rebuild`"
            ) from error
        for old in self._folder.glob("s-*"):
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)
        found = self.snapshot()
        assert found is not None
        return found

    def clear(self) -> None:
        """No state any more."""
        with self._lock:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._open, self._name = None, ""

    def _pointer(self) -> str:
        try:
            return (self._folder / _CURRENT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""


def _mapped(file: Path) -> Any:
    """An array that stays in its file, as a plain one: memmap's own indexing is slow."""
    return np.load(file, mmap_mode="r").view(np.ndarray)


def _point(folder: Path, name: str) -> None:
    fresh = folder / f"{_CURRENT}.{uuid.uuid4().hex[:8]}"
    fresh.write_text(name, encoding="utf-8")
    fresh.replace(folder / _CURRENT)


def _write(folder: Path, version: str, entries: Sequence[Entry]) -> None:
    folder.mkdir(parents=True)
    vocabulary: dict[str, int] = {}
    words = [[vocabulary.setdefault(w, len(vocabulary)) for w in e.words] for e in entries]
    concepts = [[vocabulary.setdefault(c, len(vocabulary)) for c in e.concepts] for e in entries]
    cases: dict[tuple[str, str, str], int] = {}
    labels: dict[str, dict[str, int]] = {name: {} for name in sorted(_NAMED)}
    columns = np.empty((len(_COLUMNS), len(entries)), dtype=np.int32)
    for row, entry in enumerate(entries):
        hit = entry.hit
        values: tuple[str | int, ...] = (
            cases.setdefault((hit.case_id, hit.text_hash, entry.stamp), len(cases)),
            hit.language, hit.kind.value, entry.industry, entry.region,
            int(entry.named), entry.until, hit.ordinal, hit.span.start, hit.span.end,
        )  # fmt: skip
        for place, (name, value) in enumerate(zip(_COLUMNS, values, strict=True)):
            if isinstance(value, str):
                value = labels[name].setdefault(value, len(labels[name]))
            columns[place, row] = value
    np.save(folder / "columns.npy", columns)
    lengths = [len(w) + len(c) for w, c in zip(words, concepts, strict=True)]
    np.save(folder / "indptr.npy", np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))))
    both = (
        number for w, c in zip(words, concepts, strict=True) for part in (w, c) for number in part
    )
    np.save(folder / "terms.npy", np.fromiter(both, dtype=np.int32, count=sum(lengths)))
    ids = [entry.hit.passage_id.encode("utf-8") for entry in entries]
    np.save(
        folder / "id_places.npy",
        np.concatenate(([0], np.cumsum([len(i) for i in ids], dtype=np.int64))),
    )
    np.save(folder / "ids.npy", np.frombuffer(b"".join(ids), dtype=np.uint8))
    scorers = [
        name
        for name, documents in (("words", words), ("concepts", concepts))
        if _save_bm25(folder / name, documents, len(vocabulary))
    ]
    (folder / "vocabulary.json").write_text(
        json.dumps(list(vocabulary), ensure_ascii=False), encoding="utf-8"
    )
    about = {
        "format": FORMAT,
        "version": version,
        "scorers": scorers,
        "labels": {name: list(found) for name, found in labels.items()},
        "cases": [list(case) for case in cases],
    }
    (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def _save_bm25(folder: Path, documents: list[list[int]], vocabulary: int) -> bool:
    if not any(documents):
        return False  # nothing to be found by
    scorer = _bm25s().BM25(k1=K1, b=B, method="lucene")
    # The words themselves stay in our own list: bm25s would write and load them once more.
    scorer.index((documents, {str(i): i for i in range(vocabulary)}), show_progress=False)
    scorer.vocab_dict = {}
    scorer.save(folder, show_progress=False)
    return True


def _load_bm25(folder: Path) -> Any:
    return _bm25s().BM25.load(folder, mmap=True, load_vocab=False, show_progress=False)


def _scores(
    scorer: Any, numbers: list[int], rows: int, mask: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    if scorer is None or not numbers:
        return np.zeros(rows, dtype=np.float32)
    found: NDArray[np.float32] = scorer.get_scores_from_ids(numbers, weight_mask=mask)
    return found


def _bm25s() -> Any:
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    import bm25s

    return bm25s
