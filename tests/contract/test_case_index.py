"""The index and what is retrieved from it: the same with ChromaDB in a folder and on a server."""

from __future__ import annotations

import dataclasses
import time
from datetime import date

import pytest
from chroma_server import chroma_server
from kb_samples import TODAY, Records, sample_cases

from contracts.case import SectionKind
from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    ChromaServer,
    EvidenceQuery,
    IndexBusy,
    IndexFilter,
    Ranking,
    ServerUnreachable,
    open_embeddings,
    read_cases,
    retrieve,
    search_cases,
    split_passages,
)

WORDS = open_embeddings(HASHED_WORDS)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory):
    with chroma_server(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@pytest.fixture(params=["embedded", "server"])
def open_index(request, tmp_path):
    """Opens the index of a folder by name, in the one way or the other."""
    opened = []

    def open_(name="index", embeddings=WORDS, wait_s=0.2):
        server = None
        if request.param == "server":
            prefix = f"{tmp_path.name}-{name}".replace("_", "-").strip("-")
            server = ChromaServer(request.getfixturevalue("server_url"), prefix=prefix)
        opened.append(CaseIndex(tmp_path / name, embeddings, wait_s=wait_s, server=server))
        return opened[-1]

    yield open_
    for index in opened:
        index.close()


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


@pytest.fixture
def index(open_index, records):
    index = open_index()
    index.put_many(records.values())
    return index


def ask(text="unplanned downtime", **fields):
    query = EvidenceQuery(text, "en", TODAY)
    return dataclasses.replace(query, **fields)


@pytest.mark.parametrize("ranking", list(Ranking))
def test_what_was_put_in_is_found(index, records, ranking):
    query = ask("unplanned downtime bun lines")
    passages = retrieve(index, records, query, k=3, ranking=ranking)
    assert passages[0].case_id == "larkmoor"
    assert passages[0].kind is SectionKind.OUTCOME
    assert passages[0].text.startswith("Unplanned downtime")
    assert passages[0].span.of(records["larkmoor"].text) == passages[0].text
    assert -1 <= passages[0].score <= 1
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)


def test_only_cases_that_may_be_named_are_found_where_that_is_asked(index, records):
    case = records["larkmoor"]
    secret = dataclasses.replace(case, name_public=False)
    index.put(secret, split_passages(secret))
    records["larkmoor"] = secret
    assert "larkmoor" in {hit.case_id for hit in retrieve(index, records, ask(), k=20)}
    found = retrieve(index, records, ask(named_only=True), k=20)
    assert "larkmoor" not in {hit.case_id for hit in found}
    # An index that is behind the records does not decide.
    index.put(case, split_passages(case))
    found = retrieve(index, records, ask(named_only=True), k=20)
    assert "larkmoor" not in {hit.case_id for hit in found}


def test_putting_the_same_again_changes_nothing(index, records):
    before = index.count()
    report = index.put_many(records.values())
    assert (report.added, report.changed, report.unchanged, report.passages) == (0, 0, 2, 0)
    case = records["larkmoor"]
    assert index.put(case, split_passages(case)).unchanged == 1
    assert index.count() == before
    assert index.has("larkmoor", case.text_hash)
    assert not index.has("larkmoor", "0" * 64)


def test_a_changed_case_replaces_its_passages(index, records, tmp_path):
    old = records["larkmoor"]
    file = tmp_path / "cases" / "larkmoor.md"
    file.write_text(file.read_text(encoding="utf-8").replace("88 motors", "99 motors"), "utf-8")
    new = {case.id: case for case in read_cases(tmp_path / "cases").cases}["larkmoor"]
    count = index.count()
    assert index.put(new, split_passages(new)).changed == 1
    assert index.count() == count
    assert not index.has("larkmoor", old.text_hash)
    # The records still hold the old text: nothing of the case may be used.
    assert all(p.case_id != "larkmoor" for p in retrieve(index, records, ask("motors")))
    records["larkmoor"] = new
    assert "99 motors" in retrieve(index, records, ask("99 motors"), k=1)[0].text


def test_a_changed_field_alone_is_a_change(index, records):
    case = records.change("larkmoor", industry="energy")
    assert index.put(case, split_passages(case)).changed == 1
    assert retrieve(index, records, ask(industries=("energy",)))


def test_removed_cases_are_gone(index, records):
    assert index.remove("larkmoor") > 0
    assert index.remove("larkmoor") == 0
    assert index.case_ids() == {"molkerei"}
    for ranking in Ranking:
        found = retrieve(index, records, ask(), ranking=ranking)
        assert all(p.case_id == "molkerei" for p in found)


@pytest.mark.parametrize(
    "change", [{"withdrawn": True}, {"valid_until": date(2025, 5, 31)}, {"text_hash": "0" * 64}]
)
def test_the_records_have_the_last_word(index, records, change):
    records.change("larkmoor", **change)
    assert all(p.case_id != "larkmoor" for p in retrieve(index, records, ask()))
    del records["molkerei"]
    assert retrieve(index, records, ask()) == ()


def test_the_last_day_still_counts(index, records):
    everything = "unplanned downtime, Druckluft"
    last = retrieve(index, records, ask(everything, today=date(2025, 6, 30)))
    assert {passage.case_id for passage in last} == {"larkmoor", "molkerei"}
    after = retrieve(index, records, ask(everything, today=date(2025, 7, 1)))
    assert {passage.case_id for passage in after} == {"larkmoor"}


@pytest.mark.parametrize("ranking", list(Ranking))
def test_filters_hold_exactly(index, records, ranking):
    def found(**fields):
        return retrieve(index, records, ask("downtime motors Druckluft", **fields), ranking=ranking)

    assert found(industries=("chemicals",)) == ()
    assert {p.case_id for p in found(regions=("europe",))} == {"molkerei"}
    assert {p.kind for p in found(kinds=(SectionKind.SOLUTION,))} == {SectionKind.SOLUTION}
    assert found(case_ids=()) == ()
    assert {p.case_id for p in found(case_ids=("larkmoor",))} == {"larkmoor"}
    assert {p.case_id for p in found(today=date(2027, 1, 1))} == {"larkmoor"}


def test_equal_scores_go_by_language_then_id(open_index, records):
    twin = dataclasses.replace(records["molkerei"], id="a-twin", language="en")
    records["a-twin"] = twin
    index = open_index("twins")
    index.put_many([records["molkerei"], twin])
    for language, first in (("de", "molkerei"), ("en", "a-twin"), ("fr", "a-twin")):
        query = EvidenceQuery("Druckluft", language, TODAY, text_language="de")
        found = retrieve(index, records, query, k=1, ranking=Ranking.DENSE)
        assert found[0].case_id == first


def test_much_that_may_not_be_used_does_not_hide_what_may(open_index, records):
    case = records["larkmoor"]
    others = [dataclasses.replace(case, id=f"gone-{n:03}") for n in range(30)]
    index = open_index("many")
    index.put_many([*others, dataclasses.replace(case, id="zz")])
    records["zz"] = dataclasses.replace(case, id="zz")
    assert {p.case_id for p in retrieve(index, records, ask(), k=2)} == {"zz"}


def test_empty_questions_and_an_empty_index(index, records, open_index):
    assert retrieve(index, records, ask("  ")) == ()
    assert retrieve(index, records, ask(), k=0) == ()
    empty = open_index("empty")
    assert empty.search("text", IndexFilter(), 5) == ()
    assert empty.words() is None
    assert search_cases(empty, records, "text", "en", TODAY) == ()
    assert empty.count() == 0


def test_a_waiting_writer_is_told_what_to_do(index, tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / "index" / "writer.lock"), pytest.raises(IndexBusy, match="try again"):
        index.remove("larkmoor")
    assert index.remove("larkmoor") > 0


def test_what_another_wrote_is_seen_in_both_indexes(index, records, open_index):
    other = open_index()
    other.remove("larkmoor")
    eventually(lambda: index.case_ids() == {"molkerei"})  # a server is asked every two seconds
    assert index.case_ids() == {"molkerei"}
    words = index.words()
    assert words is not None
    assert {words.hit(row).case_id for row in range(len(words))} == {"molkerei"}
    found = retrieve(index, records, ask("downtime"), ranking=Ranking.WORDS)
    assert all(passage.case_id == "molkerei" for passage in found)


def eventually(holds, within_s=10.0):
    until = time.monotonic() + within_s
    while not holds() and time.monotonic() < until:
        time.sleep(0.1)


class OtherModel:
    """Vectors that tell nothing apart, of a model that can be told to break off."""

    name = "other"
    languages = frozenset({"en"})

    def __init__(self, fails_after=10**9):
        self.left = fails_after

    def embed_documents(self, texts):
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return [[1.0, 0.0] for _ in texts]

    def embed_query(self, text):
        del text
        return [1.0, 0.0]


def test_a_new_model_takes_over_only_when_all_is_there(index, records, open_index):
    other = open_index(embeddings=OtherModel(fails_after=0))
    assert other.outdated
    with pytest.raises(KeyboardInterrupt):
        other.complete(records.values())
    # Searches still go to the vectors of the old model, asked by the old model.
    assert index.model == other.model == HASHED_WORDS
    query = ask("unplanned downtime bun lines")
    assert retrieve(other, records, query, k=1, ranking=Ranking.DENSE)[0].case_id == "larkmoor"
    again = open_index(embeddings=OtherModel())
    again.complete(records.values())
    assert not again.outdated
    assert again.model == "other"
    assert again.search("text", IndexFilter(), 1)
    assert again.count() == sum(len(split_passages(case)) for case in records.values())


def test_an_interrupted_ingest_goes_on_where_it_was(open_index, records, monkeypatch):
    monkeypatch.setattr("knowledge_base.ingest.GROUP", 1)  # each case is written by itself
    first, second = records.values()
    count = len(split_passages(first))
    broken = open_index("broken", OtherModel(fails_after=count))
    with pytest.raises(KeyboardInterrupt):
        broken.put_many([first, second])
    assert broken.case_ids() == {first.id}
    whole = open_index("broken", OtherModel())
    report = whole.put_many([first, second])
    assert (report.added, report.unchanged) == (1, 1)
    words = whole.words()
    assert words is not None
    assert len(words) == whole.count()


def test_an_index_is_read_page_by_page(open_index, records, monkeypatch):
    monkeypatch.setattr("knowledge_base.ingest.PAGE", 3)
    index = open_index("pages")
    index.put_many(records.values())
    words = index.words()
    assert words is not None
    total = sum(len(split_passages(case)) for case in records.values())
    assert (len(words), index.count()) == (total, total)
    assert index.case_ids() == set(records)


def test_passages_that_are_half_there_are_put_in_again(index, records):
    case = records["larkmoor"]
    total = index.count()
    with index._vectors.writing() as shelves:  # as if a writer had been killed
        collection = shelves.active.collection
        some = collection.get(where={"case_id": "larkmoor"}, include=[])["ids"][:2]
        collection.delete(ids=some)
    assert index.put_many([case]).changed == 1
    assert index.count() == total


def test_rebuilding_gives_the_same_answers(index, records):
    query = ask("unplanned downtime of the bun lines, Druckluft")
    before = retrieve(index, records, query, k=20)
    assert index.rebuild(records.values()).added == 2
    assert retrieve(index, records, query, k=20) == before


def test_progress_counts_passages(open_index, records):
    class Steps:
        def __init__(self):
            self.total, self.count, self.ended = None, 0, False

        def start(self, step, total):
            self.total = total

        def advance(self, count=1):
            self.count += count

        def done(self):
            self.ended = True

    steps = Steps()
    report = open_index("fresh").put_many(records.values(), steps)
    assert (steps.total, steps.count, steps.ended) == (report.passages, report.passages, True)


def test_a_server_that_is_not_there_is_named(tmp_path):
    server = ChromaServer("http://127.0.0.1:9")
    with CaseIndex(tmp_path / "x", WORDS, server=server) as index:
        with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1 .* chroma_url"):
            index.count()
        with pytest.raises(ServerUnreachable):
            index.put_many([])
