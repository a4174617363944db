"""Which language a text is written in, and how sure that is."""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from language.datafile import DataFile, load_data

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

__all__ = ["Detection", "detect"]

SHORT = 40  # letters below which langdetect's own certainty says little (see `_certainty`)
UNSURE = 0.25  # below this no language is named: such answers were right half of the time
READ = 3000  # letters that are read: more changes no answer, only the time it takes
_SEED = 20240501
_WORD_WEIGHT = 2.5  # nats for each different common word of a language
_MARK_WEIGHT = 3.0  # nats for each different letter that only one language writes
_FLOOR = 0.02  # what langdetect is believed to mean where it says 0, in 40 letters
_KANA_SHARE = 0.08  # of kana and Han; a Chinese text may quote a の, Japanese is a third kana
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\[\[\w+\]\]|\{\{[^}]*\}\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Detection:
    """The answer to "which language?": "" where the text does not say."""

    language: str  # BCP 47 as the product writes it: "de", "zh-Hans", "pt-BR"; "" undecidable
    confidence: float  # 0 to 1; 0 where `language` is ""
    reason: str  # what it rests on, in words


def detect(text: str) -> Detection:
    """The language that most of `text` is in.

    The script is read first: kana, Hangul, Greek, Hebrew, Thai and others leave one
    language, Han is told apart by characters that only simplified, traditional or
    Japanese writing has. What is left (Latin, Cyrillic, Arabic, Devanagari) is decided
    by langdetect's letter sequences among the languages of that script, together with
    common words and letters that are one language's own.

    Confidence is langdetect's probability after that evidence, scaled down by length: a
    text of n letters below 40 is trusted at most 0.4 + 0.6 n/40, or, where two or more
    common words bear it out, 0.6 + 0.1 a word. Answers at 0.8 and above were right
    99 times of 100 on the sentences of 29 languages that the weights were chosen on, and
    more often on the questions of XQuAD (12 languages), which were not looked at for it.
    Matching is done on NFKC; addresses, links and
    merge fields are not read. The same text gets the same answer in every process.

    Returns no language for an empty text, for one without letters, and where the
    evidence is level. Never raises on a string.
    """
    cleaned = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[: READ * 4]))
    letters = _letters_by_script(cleaned[:READ])
    if not letters:
        return Detection("", 0.0, "no letters" if text.strip() else "empty text")
    cleaned = cleaned[:READ]
    rules = _rules()
    weight = {name: count * rules.scripts[name].weight for name, count in letters.items()}
    east_asian = weight.get("han", 0) + weight.get("kana", 0)
    rest = {name: value for name, value in weight.items() if name not in ("han", "kana")}
    strongest = max(rest, key=lambda name: (rest[name], name), default="")
    if east_asian and east_asian >= rest.get(strongest, 0):
        return _east_asian(cleaned, letters)
    script = rules.scripts[strongest]
    share = rest[strongest] / sum(weight.values())
    if len(script.languages) == 1:
        sure = _by_length(letters[strongest], 4) * min(1.0, share + 0.2)
        return Detection(script.languages[0], round(sure, 2), f"{strongest} script")
    return _by_letters(cleaned, strongest, letters[strongest], share)


# --- Han and kana ------------------------------------------------------------------------


def _east_asian(text: str, letters: Mapping[str, int]) -> Detection:
    kana, han = letters.get("kana", 0), letters.get("han", 0)
    if kana and kana >= _KANA_SHARE * (kana + han):
        return Detection("ja", round(_by_length(kana + han, 4), 2), "kana")
    own, told = _forms(text)
    best = max(told, key=lambda tag: (told[tag], tag), default="")
    if not best:
        # Chinese far more often than Japanese without one kana; nothing tells which Chinese.
        # Simplified is the likelier by its readers, and the confidence says it is a guess.
        sure = 0.4 + 0.3 * min(1.0, han / 12)
        return Detection(
            "zh-Hans", round(sure, 2), "Han; no character tells simplified from traditional"
        )
    total = sum(own.values()) + told[best] - own[best]
    if told[best] * 2 <= total:
        return Detection("", 0.0, "Han; simplified, traditional and Japanese forms are mixed")
    names = {"zh-Hans": "simplified", "zh-Hant": "traditional", "ja": "Japanese"}
    # 国 and 東 are Japanese too: alone they make Chinese likely, not certain.
    most = 0.99 if own[best] or told[best] > 3 else 0.7
    sure = min(most, 0.75 + 0.24 * min(1.0, told[best] / 3)) * told[best] / total
    count = f"{told[best]} {names.get(best, best)} character{'s' if told[best] > 1 else ''}"
    return Detection(best, round(sure, 2), f"Han; {count}")


def _forms(text: str) -> tuple[Counter[str], dict[str, int]]:
    """Characters that are one writing's own, and with those that it shares with another."""
    seen = Counter(text)
    own: Counter[str] = Counter()
    shared: Counter[tuple[str, ...]] = Counter()
    for tags, characters in _han().items():
        found = sum(seen[c] for c in seen.keys() & characters)
        if len(tags) == 1:
            own[tags[0]] += found
        else:
            shared[tags] += found
    told = {
        # Japanese needs one form of its own, or every Chinese text would look half Japanese.
        tag: count + sum(n for t, n in shared.items() if tag == t[0] or (tag in t and count))
        for tag, count in own.items()
    }
    return own, {tag: count for tag, count in told.items() if count}


# --- scripts that several languages share ------------------------------------------------


def _by_letters(text: str, script: str, count: int, share: float) -> Detection:
    rules = _rules()
    languages = rules.scripts[script].languages
    # langdetect leaves words in capitals out, so a shouted text would look empty to it.
    upper = sum(1 for c in text if c.isupper())
    if upper * 2 > count:
        text = text.lower()
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    if sum(map(len, words)) == 0:
        return Detection("", 0.0, "no words")
    owners, marks = _word_owners(), _mark_owners()
    told_by_words = Counter(owners[word] for word in set(words) if word in owners)
    lower = set(text.lower())
    told_by_marks = Counter(tag for tag in languages for c in marks.get(tag, "") if c in lower)
    guessed = _langdetect(text, languages)
    if not guessed and not told_by_words and not told_by_marks:
        return Detection("", 0.0, "no letter sequence that tells a language")

    floor = min(0.2, _FLOOR * SHORT / count) if count < SHORT else _FLOOR * SHORT / count / 10
    weights = {
        tag: math.log(guessed.get(tag, 0.0) + floor)
        + _WORD_WEIGHT * min(told_by_words[tag], 6)
        + _MARK_WEIGHT * min(told_by_marks[tag], 2)
        for tag in languages
        if tag in guessed or told_by_words[tag] or told_by_marks[tag]
    }
    top = max(weights.values())
    likely = {tag: math.exp(value - top) for tag, value in weights.items()}
    total = sum(likely.values())
    best = max(likely, key=lambda tag: (likely[tag], tag))
    sure = likely[best] / total
    hits = told_by_words[best]
    sure *= _certainty(count, len(words), hits, told_by_marks[best])
    sure *= min(1.0, share + 0.3)
    if sure < UNSURE:
        return Detection("", 0.0, "too short, and more than one language fits")
    said = [f"letter sequences ({guessed.get(best, 0.0):.2f})"] if guessed.get(best) else []
    if hits:
        said.append(f"{hits} common word{'s' if hits > 1 else ''}")
    if told_by_marks[best]:
        said.append("letters of its own")
    if count < SHORT:
        said.append("short text")
    tag = _variant(best, words)
    return Detection(tag, round(min(sure, 0.99), 2), ", ".join(said) or "short text")


def _certainty(letters: int, words: int, hits: int, marks: int) -> float:
    """The most that a text of this length is trusted; `hits` are common words found."""
    if letters >= SHORT:
        return 1.0
    by_length = 0.4 + 0.6 * letters / SHORT
    if words < 2:  # a single word is in several languages more often than not
        by_length = min(by_length, 0.6)
    by_words = 0.6 + 0.1 * (hits + marks) if hits + marks >= 2 else 0.0
    return min(0.98, max(by_length, by_words))


def _by_length(letters: int, enough: int) -> float:
    return 0.7 + 0.29 * min(1.0, letters / enough)


def _variant(tag: str, words: Iterable[str]) -> str:
    seen = set(words)
    for name, variant in _rules().variants.items():
        if variant.of == tag:
            for_it = len(seen & frozenset(variant.words.split()))
            if for_it > len(seen & frozenset(variant.against.split())):
                return name
    return tag


def _langdetect(text: str, languages: Sequence[str]) -> dict[str, float]:
    """Probability by language, those above 0.1 only; {} where langdetect finds nothing."""
    from langdetect.lang_detect_exception import LangDetectException

    rules = _rules()
    detector = _factory().create()
    detector.seed = _SEED
    # nb is "no" to langdetect; han is decided before.
    theirs = {("no" if tag == "nb" else tag): tag for tag in languages}
    detector.set_prior_map({code: rules.prior.get(tag, 1.0) for code, tag in theirs.items()})
    detector.append(text)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return {}
    return {theirs[item.lang]: float(item.prob) for item in found if item.lang in theirs}


# --- data, loaded once ---------------------------------------------------------------------


class _Script(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ranges: tuple[str, ...]  # "0041-005A"
    weight: int = Field(ge=1)
    languages: tuple[str, ...] = Field(min_length=1)


class _Variant(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str
    words: str
    against: str


class _Rules(DataFile):
    scripts: Mapping[str, _Script]
    marks: Mapping[str, str]
    words: Mapping[str, str]
    prior: Mapping[str, float]
    variants: Mapping[str, _Variant]


class _Han(DataFile):
    characters: Mapping[str, str]


@cache
def _rules() -> _Rules:
    return load_data("language", "detection.yaml", _Rules)


@cache
def _han() -> Mapping[tuple[str, ...], frozenset[str]]:
    raw = load_data("language", "han.yaml", _Han).characters
    return {tuple(tags.split()): frozenset("".join(text.split())) for tags, text in raw.items()}


@cache
def _word_owners() -> Mapping[str, str]:
    count = Counter(w for text in _rules().words.values() for w in set(text.split()))
    return {
        word: tag
        for tag, text in _rules().words.items()
        for word in text.split()
        if count[word] == 1
    }


@cache
def _mark_owners() -> Mapping[str, str]:
    return _rules().marks


@cache
def _bounds() -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
    spans = sorted(
        (int(low, 16), int(high, 16), name)
        for name, script in _rules().scripts.items()
        for low, high in (span.split("-") for span in script.ranges)
    )
    return tuple(s[0] for s in spans), tuple((s[1], s[2]) for s in spans)


def _letters_by_script(text: str) -> Counter[str]:
    starts, ends = _bounds()
    found: Counter[str] = Counter()
    for character, count in Counter(text).items():
        at = bisect_right(starts, ord(character)) - 1
        if at >= 0 and ord(character) <= ends[at][0]:
            found[ends[at][1]] += count
    return found


_lock = threading.Lock()
_loaded: list[DetectorFactory] = []


def _factory() -> DetectorFactory:
    """langdetect's profiles, read once; a detector of its own for each text."""
    with _lock:
        if not _loaded:
            import langdetect
            from langdetect.detector_factory import DetectorFactory

            # Sorted: langdetect reads its folder in the order of the disk, and sums of
            # floats in another order could tip a level answer on another machine.
            folder = files(langdetect).joinpath("profiles")
            profiles = sorted((p for p in folder.iterdir() if p.is_file()), key=lambda p: p.name)
            factory = DetectorFactory()
            factory.load_json_profile([p.read_text(encoding="utf-8") for p in profiles])
            _loaded.append(factory)
    return _loaded[0]
