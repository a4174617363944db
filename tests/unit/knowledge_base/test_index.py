"""The index and what is retrieved from it, over a real Chroma on disk."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import textwrap
from datetime import date

import pytest
from kb_samples import TODAY, Records, sample_cases

from contracts.case import SectionKind
from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    EvidenceQuery,
    IndexBusy,
    IndexFilter,
    IndexUnreadable,
    ModelNotFound,
    open_embeddings,
    retrieve,
    search_cases,
    split_passages,
)

WORDS = open_embeddings(HASHED_WORDS)


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


@pytest.fixture
def index(tmp_path, records):
    with CaseIndex(tmp_path / "index", WORDS, wait_s=0.2) as index:
        index.put_many(records.values())
        yield index


def ask(text="unplanned downtime", **fields):
    query = EvidenceQuery(text, "en", TODAY)
    return dataclasses.replace(query, **fields)


def test_what_was_put_in_is_found(index, records):
    passages = retrieve(index, records, ask("unplanned downtime bun lines"), k=3)
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
    new = sample_like(tmp_path)["larkmoor"]
    count = index.count()
    assert index.put(new, split_passages(new)).changed == 1
    assert index.count() == count
    assert not index.has("larkmoor", old.text_hash)
    # The records still hold the old text: nothing of the case may be used.
    assert all(p.case_id != "larkmoor" for p in retrieve(index, records, ask("motors")))


def sample_like(tmp_path):
    from knowledge_base import read_cases

    return {case.id: case for case in read_cases(tmp_path / "cases").cases}


def test_a_changed_field_alone_is_a_change(index, records):
    case = records.change("larkmoor", industry="energy")
    assert index.put(case, split_passages(case)).changed == 1
    assert retrieve(index, records, ask(industries=("energy",)))


def test_removed_cases_are_gone(index, records):
    assert index.remove("larkmoor") > 0
    assert index.remove("larkmoor") == 0
    assert index.case_ids() == {"molkerei"}
    assert all(p.case_id == "molkerei" for p in retrieve(index, records, ask()))


@pytest.mark.parametrize(
    "change", [{"withdrawn": True}, {"valid_until": date(2025, 5, 31)}, {"text_hash": "0" * 64}]
)
def test_the_records_have_the_last_word(index, records, change):
    records.change("larkmoor", **change)
    assert all(p.case_id != "larkmoor" for p in retrieve(index, records, ask()))
    del records["molkerei"]
    assert retrieve(index, records, ask()) == ()


def test_the_last_day_still_counts(index, records):
    assert {p.case_id for p in retrieve(index, records, ask(today=date(2025, 6, 30)))} == {
        "larkmoor",
        "molkerei",
    }
    assert {p.case_id for p in retrieve(index, records, ask(today=date(2025, 7, 1)))} == {
        "larkmoor"
    }


def test_filters_hold_exactly(index, records):
    assert retrieve(index, records, ask(industries=("chemicals",))) == ()
    assert {p.case_id for p in retrieve(index, records, ask(regions=("europe",)))} == {"molkerei"}
    kinds = retrieve(index, records, ask(kinds=(SectionKind.SOLUTION,)))
    assert {p.kind for p in kinds} == {SectionKind.SOLUTION}
    assert retrieve(index, records, ask(case_ids=())) == ()
    assert {p.case_id for p in retrieve(index, records, ask(case_ids=("larkmoor",)))} == {
        "larkmoor"
    }


def test_equal_scores_go_by_language_then_id(tmp_path, records):
    twin = dataclasses.replace(records["molkerei"], id="a-twin", language="en")
    records["a-twin"] = twin
    with CaseIndex(tmp_path / "twins", WORDS) as index:
        index.put_many([records["molkerei"], twin])
        for language, first in (("de", "molkerei"), ("en", "a-twin"), ("fr", "a-twin")):
            found = search_cases(index, records, "Druckluft", language, TODAY, k=1)
            assert found[0].case_id == first


def test_much_that_may_not_be_used_does_not_hide_what_may(tmp_path, records):
    case = records["larkmoor"]
    others = [dataclasses.replace(case, id=f"gone-{n:03}") for n in range(30)]
    with CaseIndex(tmp_path / "many", WORDS) as index:
        index.put_many([*others, dataclasses.replace(case, id="zz")])
        records["zz"] = dataclasses.replace(case, id="zz")
        assert {p.case_id for p in retrieve(index, records, ask(), k=2)} == {"zz"}


def test_empty_questions_and_an_empty_index(index, records, tmp_path):
    assert retrieve(index, records, ask("  ")) == ()
    assert retrieve(index, records, ask(), k=0) == ()
    with CaseIndex(tmp_path / "empty", WORDS) as empty:
        assert empty.search("text", IndexFilter(), 5) == ()
        assert empty.count() == 0


def test_a_waiting_writer_is_told_what_to_do(index, records, tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / "index" / "writer.lock"), pytest.raises(IndexBusy, match="try again"):
        index.remove("larkmoor")
    assert index.remove("larkmoor") > 0


def test_an_open_reader_sees_what_another_process_wrote(index, records, tmp_path):
    script = """
        import sys
        from pathlib import Path
        from knowledge_base import CaseIndex, HASHED_WORDS, open_embeddings
        with CaseIndex(Path(sys.argv[1]), open_embeddings(HASHED_WORDS)) as index:
            assert index.remove("larkmoor") > 0
    """
    before = index.search("unplanned downtime", IndexFilter(), 20)
    assert any(hit.case_id == "larkmoor" for hit in before)
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "index")], check=True
    )
    after = index.search("unplanned downtime", IndexFilter(), 20)
    assert {hit.case_id for hit in after} == {"molkerei"}


def test_two_who_opened_the_same_folder_see_the_same(index, records, tmp_path):
    with CaseIndex(tmp_path / "index", WORDS) as other:
        other.remove("larkmoor")
        assert index.case_ids() == {"molkerei"}
    assert index.case_ids() == {"molkerei"}  # closing one leaves the other open


class OtherModel:
    name = "other"

    def embed_documents(self, texts):
        return [[1.0, 0.0] for _ in texts]

    def embed_query(self, text):
        return [1.0, 0.0]


def test_vectors_of_two_models_are_not_mixed(index, records, tmp_path):
    with CaseIndex(tmp_path / "index", OtherModel()) as other:
        with pytest.raises(IndexUnreadable, match="--rebuild"):
            other.search("text", IndexFilter(), 1)
        with pytest.raises(IndexUnreadable, match="--rebuild"):
            other.put_many([records.change("larkmoor", region="china")])
        assert other.rebuild(records.values()).added == 2
        assert other.search("text", IndexFilter(), 1)


def test_a_damaged_index_says_what_to_do(tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is no database at all" * 100)
    with CaseIndex(folder, WORDS) as index, pytest.raises(IndexUnreadable, match="--rebuild"):
        index.count()


def test_progress_counts_passages(tmp_path, records):
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
    with CaseIndex(tmp_path / "fresh", WORDS) as index:
        report = index.put_many(records.values(), steps)
    assert (steps.total, steps.count, steps.ended) == (report.passages, report.passages, True)


def test_a_missing_model_folder_is_named():
    with pytest.raises(ModelNotFound, match="/no/such/folder"):
        open_embeddings("/no/such/folder")


def test_the_bundled_model_knows_what_is_alike(capfd):
    model = open_embeddings()
    query = model.embed_query("machine stopped unexpectedly")
    near, far = model.embed_documents(["unplanned downtime of the line", "a recipe for soup"])
    assert abs(sum(x * x for x in query) - 1) < 1e-5
    assert dot(query, near) > dot(query, far) + 0.1
    assert model.embed_documents([]) == []
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))
