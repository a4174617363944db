"""Which language a text is in, and how sure that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.detect import detect

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "text, language",
    [
        ("Vielen Dank für die Info", "de"),
        ("VIELEN DANK FÜR DIE INFO", "de"),
        ("Bitte keine weiteren Mails.", "de"),
        ("Please send the price list", "en"),
        ("Ｐｌｅａｓｅ send the price list", "en"),
        ("Can you call me tomorrow?", "en"),
        ("请把价格表发给我", "zh-Hans"),
        ("我们的Kubernetes平台上线了", "zh-Hans"),
        ("請把價格表發給我們", "zh-Hant"),
        ("東京都の天気", "ja"),
        ("駅前広場", "ja"),
        ("감사합니다", "ko"),
        ("Ευχαριστώ πολύ", "el"),
        ("Прайс-лист отправьте, пожалуйста, ещё сегодня, мы ждём ответа", "ru"),
        ("Надішліть, будь ласка, прайс-лист сьогодні, ми чекаємо відповіді", "uk"),
        ("Você pode entrar em contato com a nossa equipe amanhã de manhã?", "pt-BR"),
        ("Pode contactar a nossa equipa amanhã de manhã por favor?", "pt"),
        ("Takk for informasjonen, vi tar kontakt etter ferien. Hva koster det?", "nb"),
    ],
)
def test_short_messages_are_told(text: str, language: str) -> None:
    found = detect(text)
    assert found.language == language
    assert found.confidence >= 0.5
    assert found.reason


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "empty text"),
        (" \n\t", "empty text"),
        ("12345 – 67,8 %", "no letters"),
        ("📈 !!!", "no letters"),
        ("anna@firma.example https://firma.example/x", "no letters"),
        ("[[first_name]]", "no letters"),
    ],
)
def test_what_has_no_letters_has_no_language(text: str, reason: str) -> None:
    assert detect(text) == detect(text)
    assert (detect(text).language, detect(text).confidence, detect(text).reason) == (
        "",
        0.0,
        reason,
    )


def test_two_writings_mixed_evenly_are_undecided() -> None:
    assert detect("图圖").language == ""


def test_han_that_tells_nothing_is_a_guess_below_what_decides() -> None:
    found = detect("你好")
    assert found.language == "zh-Hans"
    assert found.confidence < 0.8
    assert "no character tells" in found.reason


def test_characters_shared_with_japanese_do_not_make_chinese_sure() -> None:
    assert detect("東京").confidence < 0.8
    assert detect("国会").confidence < 0.8


def test_a_chinese_text_that_quotes_a_kana_stays_chinese() -> None:
    assert detect("我们在上海的无印良品店买了优の良品牌的饼干，味道很好").language == "zh-Hans"


def test_a_foreign_word_does_not_turn_a_text() -> None:
    assert detect("Das Wort 质量 heißt Qualität und steht auf dem Etikett").language == "de"


def test_shorter_texts_are_trusted_less() -> None:
    long = detect("Unsere Maschinen laufen seit dem Umbau ohne einen einzigen Stillstand weiter")
    short = detect("Maschinen laufen")
    assert long.confidence > 0.9
    assert short.confidence < 0.8


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer_in_range(text: str) -> None:
    found = detect(text)
    assert 0.0 <= found.confidence <= 1.0
    assert (found.confidence == 0.0) == (found.language == "")
    assert found.reason


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="ascii"), max_size=80))
def test_the_same_text_has_the_same_answer(text: str) -> None:
    assert detect(text) == detect(text)


def test_threads_and_processes_agree() -> None:
    texts = [f"Angebot {n} for the new pump line, bitte prüfen" for n in range(40)]
    alone = [detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == alone
    code = "import sys; from language.detect import detect; print(detect(sys.argv[1]))"
    other = subprocess.run(
        [sys.executable, "-c", code, texts[3]],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
    )
    assert other.stdout.strip() == str(alone[3])


def test_importing_does_not_load_langdetect() -> None:
    code = "import sys, language.detect; print('langdetect' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip() == "False"


def test_real_sentences() -> None:
    folder = Path(os.environ.get("MAILWRIGHT_DATA", ROOT.parent / "shared" / "data")) / "langid"
    if not folder.is_dir():
        pytest.skip("needs the langid sentences: set MAILWRIGHT_DATA to the data folder")
    right: dict[str, list[bool]] = defaultdict(list)
    sure: list[bool] = []
    for line in (folder / "langid.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] != "sentences" or row["lang"] not in {"en", "de", "zh", "fr", "ja", "pt"}:
            continue
        found = detect(row["text"])
        hit = found.language.split("-")[0] == row["lang"]
        right[row["lang"]].append(hit)
        if found.confidence >= 0.8:
            sure.append(hit)
    for language in ("en", "de", "zh"):
        assert sum(right[language]) / len(right[language]) >= 0.98, language
    assert sum(sure) / len(sure) >= 0.98
    assert len(sure) >= 0.85 * sum(map(len, right.values()))
