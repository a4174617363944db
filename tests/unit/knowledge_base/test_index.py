"""What is only about an index in a folder of this machine, and about the bundled model.

What holds for a folder and a server alike is in tests/contract/test_case_index.py.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import textwrap

import pytest
from kb_samples import TODAY, Records, sample_cases

from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    EvidenceQuery,
    IndexFilter,
    IndexUnreadable,
    open_embeddings,
    retrieve,
)

WORDS = open_embeddings(HASHED_WORDS)
ASKED = EvidenceQuery("unplanned downtime", "en", TODAY)


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


@pytest.fixture
def index(tmp_path, records):
    with CaseIndex(tmp_path / "index", WORDS, wait_s=0.2) as index:
        index.put_many(records.values())
        yield index


# --- folders that are not as they should be --------------------------------------------------


def test_a_damaged_folder_says_what_to_do(tmp_path, records):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is no database at all" * 100)
    with CaseIndex(folder, WORDS) as index:
        for ask in (
            index.count,
            index.words,
            lambda: index.search("text", IndexFilter(), 1),
            lambda: index.put_many(records.values()),
        ):
            with pytest.raises(IndexUnreadable, match=r"mailwright kb check --rebuild"):
                ask()
        assert index.rebuild(records.values()).added == 2
        assert retrieve(index, records, ASKED)


def test_vectors_that_are_damaged_say_what_to_do(tmp_path, records):
    with CaseIndex(tmp_path / "index", WORDS) as index:
        index.put_many(records.values())
    database = tmp_path / "index" / "chroma.sqlite3"
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)  # the first page still looks like one
    database.write_bytes(content)
    with CaseIndex(tmp_path / "index", WORDS) as index:
        with pytest.raises(IndexUnreadable, match="--rebuild"):
            index.search("unplanned downtime", IndexFilter(), 5)
        assert index.rebuild(records.values()).added == 2
        assert retrieve(index, records, ASKED)


def test_a_search_tree_that_is_damaged_says_what_to_do(tmp_path, records):
    case = records["larkmoor"]
    many = Records({f"c{n}": dataclasses.replace(case, id=f"c{n}") for n in range(160)})
    with CaseIndex(tmp_path / "index", WORDS) as index:
        index.put_many(many.values())  # so many that Chroma writes its tree to files
    headers = list((tmp_path / "index").rglob("header.bin"))
    assert headers
    for header in headers:
        header.write_bytes(b"\xa5" * header.stat().st_size)
    with CaseIndex(tmp_path / "index", WORDS) as index:
        with pytest.raises(IndexUnreadable, match="--rebuild"):
            index.search("unplanned downtime", IndexFilter(), 5)
        assert index.rebuild(records.values()).added == 2
        assert retrieve(index, records, ASKED)


def test_an_index_of_the_first_release_is_rebuilt(tmp_path, records):
    import chromadb

    folder = tmp_path / "old"
    client = chromadb.PersistentClient(
        path=str(folder), settings=chromadb.Settings(anonymized_telemetry=False)
    )
    collection = client.create_collection("passages", embedding_function=None)
    collection.add(ids=["a"], embeddings=[[1.0, 0.0]], documents=["old"])
    client.close()
    with CaseIndex(folder, WORDS) as index:
        with pytest.raises(IndexUnreadable, match=r"earlier release.* kb check --rebuild"):
            index.count()
        with pytest.raises(IndexUnreadable, match=r"earlier release.* kb check --rebuild"):
            index.put_many(records.values())
        assert index.rebuild(records.values()).added == 2
        assert retrieve(index, records, ASKED)[0].case_id == "larkmoor"
    with CaseIndex(folder, WORDS) as index:
        assert index.case_ids() == {"larkmoor", "molkerei"}


def test_a_folder_that_was_taken_away_is_an_empty_index(tmp_path, records):
    with CaseIndex(tmp_path / "index", WORDS) as index:
        index.put_many(records.values())
    shutil.rmtree(tmp_path / "index")
    with CaseIndex(tmp_path / "index", WORDS) as index:
        assert index.count() == 0
        assert retrieve(index, records, ASKED) == ()


# --- several who use one folder --------------------------------------------------------------


def other_process(folder, work):
    script = f"""
        import sys
        from pathlib import Path
        from kb_samples import sample_cases
        from knowledge_base import CaseIndex, HASHED_WORDS, open_embeddings
        folder = Path(sys.argv[1])
        with CaseIndex(folder, open_embeddings(HASHED_WORDS)) as index:
            {work}
    """
    paths = [os.getcwd(), os.path.dirname(__file__)]
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        timeout=120,
    )


def test_an_open_reader_sees_what_another_process_wrote(index, records, tmp_path):
    before = index.search("unplanned downtime", IndexFilter(), 20)
    assert any(hit.case_id == "larkmoor" for hit in before)
    old_words = index.words()
    other_process(tmp_path / "index", 'assert index.remove("larkmoor") > 0')
    after = index.search("unplanned downtime", IndexFilter(), 20)
    assert {hit.case_id for hit in after} == {"molkerei"}
    words = index.words()
    assert {words.hit(row).case_id for row in range(len(words))} == {"molkerei"}
    assert len(old_words) == len(before)  # and can still be read
    assert {old_words.hit(row).passage_id for row in range(len(old_words))} == {
        hit.passage_id for hit in before
    }
    other_process(
        tmp_path / "index",
        'index.rebuild(sample_cases(folder.parent / "again").values())',
    )
    assert index.search("unplanned downtime", IndexFilter(), 20) == before
    assert {p.case_id for p in retrieve(index, records, ASKED, 20)} == {"larkmoor", "molkerei"}


def test_two_who_opened_the_same_folder_see_the_same(index, records, tmp_path):
    with CaseIndex(tmp_path / "index", WORDS) as other:
        other.remove("larkmoor")
        assert index.case_ids() == {"molkerei"}
        other.rebuild(records.values())
        assert index.case_ids() == {"larkmoor", "molkerei"}
        other.close()  # twice, with the `with`
    assert index.case_ids() == {"larkmoor", "molkerei"}  # closing one leaves the other open
    assert retrieve(index, records, ASKED)


def test_a_folder_opened_by_another_name_is_the_same(index, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "index")
    with CaseIndex(tmp_path / "link", WORDS) as other:
        assert other.remove("larkmoor") > 0
    assert index.case_ids() == {"molkerei"}


# --- the bundled model -----------------------------------------------------------------------


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
