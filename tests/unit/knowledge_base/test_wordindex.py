"""The words index: what goes in comes out, and what is broken is made anew."""

from __future__ import annotations

import resource
import shutil
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kb_samples import TODAY, Records, sample_cases

from contracts.case import SectionKind, Span
from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    EvidenceQuery,
    IndexFilter,
    IndexUnreadable,
    Ranking,
    open_embeddings,
    retrieve,
)
from knowledge_base.entries import NO_END, Entry, IndexHit, as_number
from knowledge_base.wordindex import WordIndex

# --- any entries -----------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORDS = st.lists(TEXT.filter(lambda word: not word.startswith("#")), max_size=6)
CONCEPTS = st.lists(TEXT.map("#{}".format), max_size=4)
LANGUAGES = st.sampled_from(["en", "de", "zh-Hans", "pt-BR", ""])
KINDS = st.sampled_from(list(SectionKind))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def entry(draw, passage_id):
    start = draw(st.integers(0, 10**6))
    number = draw(st.integers(0, 3))
    return Entry(
        hit=IndexHit(
            passage_id=passage_id,
            case_id=f"case-{number}",
            kind=draw(KINDS),
            language=draw(LANGUAGES),
            text_hash=f"hash-{number}",
            ordinal=draw(st.integers(0, 1000)),
            span=Span(start, start + draw(st.integers(1, 5000))),
            score=0.0,
        ),
        stamp=f"stamp-{number}",
        industry=draw(st.sampled_from(["food", "energy", ""])),
        region=draw(st.sampled_from(["europe", "china", ""])),
        named=draw(st.booleans()),
        until=draw(st.just(NO_END) | DAYS.map(as_number)),
        words=tuple(draw(WORDS)),
        concepts=tuple(draw(CONCEPTS)),
    )


@st.composite
def entries(draw, least=0):
    ids = draw(st.lists(TEXT, unique=True, min_size=least, max_size=8))
    return [draw(entry(passage_id)) for passage_id in ids]


@contextmanager
def index_of(some, version="v"):
    with tempfile.TemporaryDirectory() as folder:
        yield WordIndex(Path(folder) / "words").make(version, some)


@given(entries(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example([], "")
@settings(max_examples=120, deadline=None)
def test_what_goes_in_comes_out(some, version):
    with index_of(some, version) as snapshot:
        assert snapshot.version == version
        assert len(snapshot) == len(some)
        wanted = sorted(some, key=lambda item: item.hit.passage_id)
        assert [snapshot.entry(row) for row in range(len(snapshot))] == wanted
        assert [snapshot.passage_id(row) for row in range(len(snapshot))] == [
            item.hit.passage_id for item in wanted
        ]
        for row, item in enumerate(wanted):
            assert snapshot.row_of(item.hit.passage_id) == row
            assert snapshot.stamp(row) == item.stamp
        assert snapshot.row_of("nobody's passage") is None
        assert set(snapshot.languages) == {item.hit.language for item in some}


@st.composite
def filters(draw):
    some = st.lists
    return IndexFilter(
        languages=tuple(draw(some(LANGUAGES, max_size=2))),
        industries=tuple(draw(some(st.sampled_from(["food", "energy", "x"]), max_size=2))),
        regions=tuple(draw(some(st.sampled_from(["europe", "", "x"]), max_size=2))),
        kinds=tuple(draw(some(KINDS, max_size=2))),
        case_ids=tuple(draw(some(st.sampled_from(["case-0", "case-2", "x"]), max_size=2))),
        named_only=draw(st.booleans()),
        usable_on=draw(st.none() | DAYS),
    )


def passes(item, asked):
    return (
        (not asked.languages or item.hit.language in asked.languages)
        and (not asked.industries or item.industry in asked.industries)
        and (not asked.regions or item.region in asked.regions)
        and (not asked.kinds or item.hit.kind in asked.kinds)
        and (not asked.case_ids or item.hit.case_id in asked.case_ids)
        and (item.named or not asked.named_only)
        and (asked.usable_on is None or item.until >= as_number(asked.usable_on))
    )


@given(entries(least=1), filters())
@settings(max_examples=120, deadline=None)
def test_the_mask_is_a_plain_filter(some, asked):
    with index_of(some) as snapshot:
        wanted = [passes(snapshot.entry(row), asked) for row in range(len(snapshot))]
        mask = snapshot.mask(asked)
        assert (mask is None) == (asked == IndexFilter())
        assert all(wanted) if mask is None else mask.tolist() == wanted
        words = [word for item in some for word in item.words]
        by_words, by_concepts = snapshot.scores(words, [], mask)
        everything, _ = snapshot.scores(words, [], None)
        assert not by_concepts.any()
        assert by_words.tolist() == pytest.approx(
            [score if let else 0.0 for score, let in zip(everything, wanted, strict=True)]
        )
        for row in range(len(snapshot)):
            assert (everything[row] > 0) == bool(snapshot.entry(row).words)


def test_scores_are_those_of_the_formula():
    """BM25 as Lucene has it, k1 1.5 and b 0.75, by hand: three passages of 2, 1 and 3 words,
    2 on average; "pump" is in two, so idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6."""
    texts = [("pump", "leak"), ("valve",), ("pump", "pump", "motor")]
    some = [plain_entry(f"p{n}", words) for n, words in enumerate(texts)]
    with index_of(some) as snapshot:
        scores, _ = snapshot.scores(["pump", "unheard"], [], None)
    idf = np.log(1.6)
    once = 1 / (1 + 1.5 * (0.25 + 0.75 * 2 / 2))
    twice = 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2))
    assert scores.tolist() == pytest.approx([idf * once, 0.0, idf * twice], rel=1e-5)


def plain_entry(passage_id, words, concepts=()):
    hit = IndexHit(passage_id, "case", SectionKind.OUTCOME, "en", "hash", 0, Span(0, 9), 0.0)
    return Entry(hit, "stamp", "", "", True, NO_END, tuple(words), tuple(concepts))


# --- its files -------------------------------------------------------------------------------


def test_only_the_newest_state_is_kept(tmp_path):
    words = WordIndex(tmp_path)
    assert words.snapshot() is None
    first = words.make("1", [plain_entry("a", ["pump"], ["#pump"])])
    reader = WordIndex(tmp_path)
    assert reader.snapshot().version == "1"
    kept = reader.snapshot()
    words.make("2", [plain_entry("b", ["valve"])])
    words.make("3", [])
    assert len(list(tmp_path.glob("s-*"))) == 1
    assert sorted(entry.name for entry in tmp_path.iterdir())[0] == "current"
    assert reader.snapshot().version == "3"
    # Who still holds an old state can use all of it, although its files are gone.
    for old in (first, kept):
        assert old.entry(0) == plain_entry("a", ["pump"], ["#pump"])
        assert old.row_of("a") == 0
        assert [found.tolist()[0] > 0 for found in old.scores(["pump"], ["#pump"], None)] == [
            True,
            True,
        ]
    words.clear()
    assert words.snapshot() is None
    assert reader.snapshot() is None


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


def open_index(tmp_path):
    return CaseIndex(tmp_path / "index", open_embeddings(HASHED_WORDS), wait_s=0.2)


FILES = (
    *("about.json", "vocabulary.json", "columns.npy", "indptr.npy", "terms.npy", "ids.npy"),
    *("id_places.npy", "words", "concepts", "words/params.index.json"),
    *("words/data.csc.index.npy", "words/indices.csc.index.npy", "words/indptr.csc.index.npy"),
)


def remove(file):
    shutil.rmtree(file) if file.is_dir() else file.unlink()


def empty(file):
    if file.is_dir():
        shutil.rmtree(file)
    file.write_bytes(b"")


def cut(file):
    if file.is_dir():
        shutil.rmtree(file)
        file.mkdir()
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def scramble(file):
    if file.is_dir():
        shutil.rmtree(file)
    file.write_bytes(b"\xff\xfe no such thing")


@pytest.mark.parametrize("spoil", [remove, empty, cut, scramble])
def test_what_is_broken_is_made_anew(tmp_path, records, spoil):
    asked = EvidenceQuery("unplanned downtime, Druckluft", "en", TODAY)
    with open_index(tmp_path) as index:
        index.put_many(records.values())
        wanted = retrieve(index, records, asked, ranking=Ranking.WORDS)
        assert wanted
    folder = tmp_path / "index" / "words"
    for name in FILES:
        (state,) = folder.glob("s-*")
        assert (state / name).exists(), name
        spoil(state / name)
        assert WordIndex(folder).snapshot() is None, name
        with open_index(tmp_path) as index:
            assert retrieve(index, records, asked, ranking=Ranking.WORDS) == wanted, name
    spoil(folder / "current")
    assert WordIndex(folder).snapshot() is None
    with open_index(tmp_path) as index:
        assert retrieve(index, records, asked, ranking=Ranking.WORDS) == wanted
    shutil.rmtree(folder)
    with open_index(tmp_path) as index:
        assert retrieve(index, records, asked, ranking=Ranking.WORDS) == wanted


def test_another_format_is_made_anew(tmp_path, records, monkeypatch):
    with open_index(tmp_path) as index:
        index.put_many(records.values())
    monkeypatch.setattr("knowledge_base.wordindex.FORMAT", 10**6)
    assert WordIndex(tmp_path / "index" / "words").snapshot() is None
    with open_index(tmp_path) as index:
        assert len(index.words()) == index.count()


@contextmanager
def files_end_at(size):
    """No file of this process may grow beyond so many bytes: what a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 16, 100, 200, 400, 1000])
def test_a_full_disk_says_what_to_do_and_leaves_the_old_state(tmp_path, size):
    words = WordIndex(tmp_path)
    words.make("1", [plain_entry("a", ["pump"])])
    more = [plain_entry(f"p{n}", [f"word{n}"], [f"#concept{n}"]) for n in range(200)]
    with files_end_at(size), pytest.raises(IndexUnreadable, match="make room") as caught:
        words.make("2", more)
    assert "\n" not in str(caught.value)
    assert "None" not in str(caught.value)
    assert words.snapshot().version == "1"
    assert len(list(tmp_path.glob("s-*"))) == 1
    assert len(words.make("2", more)) == 200


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "words").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(IndexUnreadable, match="mend the permissions"):
        WordIndex(tmp_path / "words").make("1", [])


def test_while_the_first_cases_are_written_meaning_alone_finds_them(tmp_path, records):
    from filelock import FileLock

    with open_index(tmp_path) as index:
        index.put_many(records.values())
    shutil.rmtree(tmp_path / "index" / "words")
    asked = EvidenceQuery("unplanned downtime", "en", TODAY)
    with open_index(tmp_path) as index, FileLock(tmp_path / "index" / "writer.lock"):
        assert index.words() is None
        assert retrieve(index, records, asked, ranking=Ranking.WORDS) == ()
        by_meaning = retrieve(index, records, asked, ranking=Ranking.DENSE)
        assert retrieve(index, records, asked) == by_meaning != ()
