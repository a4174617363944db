"""Embedding models out of folders that sentence-transformers itself has written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from folder_models import model_folder, state_languages
from kb_samples import TODAY, Records, sample_cases

from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    EvidenceQuery,
    IndexFilter,
    IndexUnreadable,
    LanguagesUnknown,
    ModelNotFound,
    Ranking,
    open_embeddings,
    retrieve,
)
from knowledge_base.models import model_languages

PROMPTS = {"query": "query: ", "passage": "passage: "}


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """One model without prompts and one with them, the same in all else."""
    folder = tmp_path_factory.mktemp("models")
    return model_folder(folder / "plain"), model_folder(folder / "prompted", PROMPTS)


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "own-model")


@pytest.fixture
def prompted(made, tmp_path):
    return shutil.copytree(made[1], tmp_path / "prompted-model")


def squared(vector):
    return sum(x * x for x in vector)


def test_a_folder_is_opened_and_prints_nothing(folder, capfd):
    model = open_embeddings(str(folder), ("en",))
    vectors = model.embed_documents(["unplanned downtime", "the scrap rate fell", ""])
    vectors.append(model.embed_query("downtime of the line"))
    assert [len(vector) for vector in vectors] == [16] * 4
    assert [squared(vector) for vector in vectors] == pytest.approx([1.0] * 4, abs=1e-5)
    assert model.embed_documents([]) == []
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


def test_vectors_do_not_depend_on_the_batch(folder):
    model = open_embeddings(str(folder), ("en",))
    texts = ["downtime", "the scrap rate fell from a to the line", "costs rose"] * 40
    together = model.embed_documents(texts)
    alone = [model.embed_documents([text])[0] for text in texts[:3]]
    for place, vector in enumerate(together):
        assert vector == pytest.approx(alone[place % 3], abs=1e-5)


def test_the_prompts_of_the_model_are_used(folder, prompted):
    plain = open_embeddings(str(folder), ("en",))
    model = open_embeddings(str(prompted), ("en",))
    assert model.embed_query("downtime") == pytest.approx(
        plain.embed_query("query: downtime"), abs=1e-5
    )
    assert model.embed_documents(["downtime"])[0] == pytest.approx(
        plain.embed_documents(["passage: downtime"])[0], abs=1e-5
    )
    assert model.embed_query("downtime") != pytest.approx(
        model.embed_documents(["downtime"])[0], abs=1e-3
    )


# --- languages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front_matter", "languages"),
    [
        ("language: de", {"de"}),
        ("language: [en, zh, pt-BR]", {"en", "zh", "pt"}),
        ("language:\n- en\n- de\nlicense: mit", {"en", "de"}),
        ("language: multilingual", {"*"}),
        ("language: [multilingual, en]", {"*", "en"}),
        ("language: no", {"nb"}),
        ("language: [sv, no, da]", {"sv", "nb", "da"}),
        ("language: [en, some-dialect-nobody-knows]", {"en"}),
    ],
)
def test_the_model_card_states_the_languages(folder, front_matter, languages):
    state_languages(folder, front_matter)
    wanted = {"no" if x == "nb" and "no" in model_languages("m", ("no",)) else x for x in languages}
    assert open_embeddings(str(folder)).languages == wanted


@pytest.mark.parametrize(
    "card",
    [
        None,
        "",
        "# A model\nlanguage: en\n",
        "---\nlicense: mit\n---\n",
        "---\nlanguage: [\n---\n",
        "---\nlanguage: {en: yes}\n---\n",
        "---\n- language\n---\n",
        "---\nlanguage: []\n---\n",
        "---\nlanguage: gibberish\n---\n",
        b"---\nlanguage: \xff\n---\n",
    ],
)
def test_a_card_that_states_no_language_is_not_guessed_at(folder, card):
    readme = folder / "README.md"
    readme.unlink()
    if card is not None:
        readme.write_bytes(card.encode() if isinstance(card, str) else card)
    with pytest.raises(LanguagesUnknown, match=r"own-model .*embedding_languages") as caught:
        open_embeddings(str(folder))
    assert "\n" not in str(caught.value)


def test_stated_languages_win(folder):
    state_languages(folder, "language: de")
    assert open_embeddings(str(folder), ("en", "Chinese")).languages == {"en", "zh"}
    assert open_embeddings(str(folder), ("*",)).languages == {"*"}
    with pytest.raises(LanguagesUnknown, match='"klingonese" in embedding_languages'):
        open_embeddings(str(folder), ("en", "klingonese"))


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("BAAI/bge-small-zh-v1.5", {"zh"}),
        ("sentence-transformers/all-mpnet-base-v2", {"en"}),
        ("intfloat/Multilingual-E5-Small", {"*"}),
        ("/models/bge-m3/", {"*"}),
    ],
)
def test_known_models_need_no_statement(name, languages):
    assert model_languages(name) == languages


def test_the_bundled_model_and_hashed_words_say_what_they_serve():
    assert open_embeddings().languages == {"en"}
    assert open_embeddings("all-MiniLM-L6-v2").name == open_embeddings().name
    assert open_embeddings(HASHED_WORDS).languages == {"*"}


# --- what tells two models apart -------------------------------------------------------------


def opened_anew(folder):
    open_embeddings.cache_clear()  # as another process would
    return open_embeddings(str(folder), ("en",))


def test_the_name_changes_with_what_makes_the_model(folder):
    name = opened_anew(folder).name
    assert name.startswith(f"{folder}@")
    assert opened_anew(f"{folder}/").name == name
    state_languages(folder, "language: en")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "download.json").write_text("{}", encoding="utf-8")
    assert opened_anew(folder).name == name  # neither changes a vector
    names = {name}
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    names.add(opened_anew(folder).name)
    config = folder / "config_sentence_transformers.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps({**settings, "prompts": PROMPTS}), encoding="utf-8")
    names.add(opened_anew(folder).name)
    (folder / "vocab.txt").write_text("other\nwords\n", encoding="utf-8")
    names.add(opened_anew(folder).name)
    assert len(names) == 4


def test_large_files_are_told_apart_anywhere(folder):
    weights = folder / "model.safetensors"
    content = bytearray(1_000_000)
    names = set()
    for start in range(0, 1_000_000, 100_000):
        content[start : start + 90_000] = b"\1" * 90_000
        weights.write_bytes(content)
        names.add(opened_anew(folder).name)
    assert len(names) == 10


# --- what cannot be loaded -------------------------------------------------------------------


def test_a_missing_folder_is_named():
    for missing in ("/no/such/folder", "./no-such-folder", "~/no/such/folder"):
        with pytest.raises(ModelNotFound, match=missing):
            open_embeddings(missing)


def empty(folder):
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        empty,
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: (folder / "config.json").write_text("[]"),
        lambda folder: (folder / "modules.json").write_text("no json"),
        lambda folder: (folder / "model.safetensors").write_bytes(b"garbage" * 100),
        lambda folder: (folder / "tokenizer.json").write_text('{"a": 1}'),
        lambda folder: (folder / "1_Pooling" / "config.json").write_text('{"what": 1}'),
    ],
)
def test_a_broken_folder_says_what_to_do(folder, spoil, capfd):
    spoil(folder)
    model = open_embeddings(str(folder), ("en",))
    with pytest.raises(ModelNotFound, match="name a folder") as caught:
        model.embed_query("downtime")
    assert "\n" not in str(caught.value)
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


@pytest.fixture
def hub():
    """What is asked of a place that answers for the model hub."""
    asked = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("first", "offline"),
    [
        ("", None),
        ("import huggingface_hub, transformers", None),  # which looked for HF_HUB_OFFLINE then
        ("", "0"),
    ],
)
def test_a_name_that_is_no_folder_is_asked_for_only_where_that_is_allowed(
    first, offline, hub, tmp_path
):
    address, asked = hub
    script = f"""
        import sys
        def watch(event, args):
            if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
                print("network", file=sys.stderr)
        sys.addaudithook(watch)
        {first}
        from knowledge_base import ModelNotFound, open_embeddings, open_reranker
        for ask in (
            lambda: open_embeddings("some/model-of-nobody", ("en",)).embed_query("text"),
            lambda: open_reranker("some/ranker-of-nobody", ("en",)).scores("a", ["b"]),
        ):
            try:
                ask()
            except ModelNotFound as error:
                assert "HF_HUB_OFFLINE=0" in str(error)
                print("not found")
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    kept |= {"HF_HOME": str(tmp_path), "HF_ENDPOINT": address}
    kept |= {"HF_HUB_OFFLINE": offline} if offline else {}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        env=kept,
        timeout=120,
    )
    assert done.stdout == "not found\n" * 2
    assert any("of-nobody" in path for path in asked) == (offline == "0")
    if not first and offline != "0":
        assert done.stderr == ""  # no socket at all


# --- a model that takes the place of another -------------------------------------------------


class Stops:
    """Progress of somebody who breaks off when the first passages are embedded."""

    def start(self, step, total):
        pass

    def advance(self, count=1):
        raise KeyboardInterrupt

    def done(self):
        pass


def test_a_folder_model_takes_over_only_when_it_is_complete(folder, prompted, tmp_path):
    """Neither folder says its languages: those stated for the old one hold while it is used."""
    records = Records(sample_cases(tmp_path / "cases"))
    old = open_embeddings(str(folder), ("en", "de"))
    new = open_embeddings(str(prompted), ("de",))
    place = tmp_path / "index"
    with CaseIndex(place, old) as index:
        index.put_many(records.values())
        before = index.search("unplanned downtime", IndexFilter(), 20)
        assert index.languages() == {"en", "de"}
    query = EvidenceQuery("unplanned downtime", "en", TODAY)
    with CaseIndex(place, new) as index:
        assert index.outdated
        with pytest.raises(KeyboardInterrupt):
            index.complete(records.values(), Stops())
        assert index.outdated
        assert index.model == old.name
        assert index.languages() == {"en", "de"}
        assert index.search("unplanned downtime", IndexFilter(), 20) == before
        index.put_many([records.change("larkmoor", region="asia")])  # goes to the old one
        assert retrieve(index, records, query, ranking=Ranking.DENSE)
        report = index.complete(records.values())
        assert report.added + report.changed + report.unchanged == 2
        assert not index.outdated
        assert index.model == new.name
        assert index.languages() == {"de"}
        after = index.search("unplanned downtime", IndexFilter(), 20)
        assert {hit.passage_id for hit in after} == {hit.passage_id for hit in before}
        assert [hit.score for hit in after] != [hit.score for hit in before]
        assert retrieve(index, records, query)


def test_an_old_model_that_is_gone_says_what_to_do(folder, tmp_path):
    records = Records(sample_cases(tmp_path / "cases"))
    with CaseIndex(tmp_path / "index", open_embeddings(str(folder), ("en",))) as index:
        index.put_many(records.values())
    shutil.rmtree(folder)
    open_embeddings.cache_clear()
    with CaseIndex(tmp_path / "index", open_embeddings(HASHED_WORDS)) as index:
        with pytest.raises(IndexUnreadable, match=r"own-model.* --rebuild"):
            index.search("downtime", IndexFilter(), 1)
        assert index.complete(records.values()).added == 2
        assert index.search("downtime", IndexFilter(), 1)
