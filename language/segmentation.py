"""Texts as the words that they are searched by, in every script."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from language.stems import Stem, stem_words, stems_in
from language.text import CJK

__all__ = ["index_words", "query_words"]

_HAN_RUN = re.compile(rf"[{CJK}]+")
_THAI_RUN = re.compile("[\u0e00-\u0e7f]+")
# Scripts that put no spaces between words and that no segmenter is at hand for.
_OTHER_RUN = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]+")
# Words of Latin script in these languages are mostly English ones and names.
_NOT_LATIN = frozenset({"ar", "el", "fa", "he", "hi", "ja", "ko", "ru", "th", "uk", "zh"})
_LATIN = re.compile("[a-z]")


def index_words(text: str, language: str) -> list[str]:
    """The words of a text to be found, in order and with repetitions.

    Languages with spaces by Snowball stems; Chinese by jieba in its search mode, after
    traditional characters are made simplified; Japanese and Korean by pairs of neighbouring
    characters, which needs no dictionary and loses to none in retrieval (docs/decisions/0009);
    Thai by PyThaiNLP's newmm. Empty text has none.
    """
    base = language.split("-")[0]
    plain = unicodedata.normalize("NFKC", text)
    found = [stem.text for stem in _spaced(plain, base)]
    found.extend(_unspaced(plain, base))
    return found


def query_words(text: str, language: str, index_languages: Collection[str]) -> list[str]:
    """The words of a query, for an index with texts in `index_languages`.

    A name is stemmed in each text by the rules of that text's language, so a word that may be
    one (a capital, a digit, Latin letters in a language of another script) is looked for by
    its stems in all of them.
    """
    base = language.split("-")[0]
    plain = unicodedata.normalize("NFKC", text)
    found = [stem.text for stem in _spaced(plain, base)]
    seen = set(found)
    for stem in stem_words(plain, base):
        first = plain[stem.span.start]
        foreign = base in _NOT_LATIN and bool(_LATIN.match(stem.word))
        if not (first.isupper() or foreign or any(char.isdigit() for char in stem.word)):
            continue
        for other in sorted({code.split("-")[0] for code in index_languages}):
            for form in stems_in([stem.word], other if other not in _NOT_LATIN else "en"):
                if form not in seen:
                    seen.add(form)
                    found.append(form)
    found.extend(_unspaced(plain, base))
    return found


def _spaced(text: str, base: str) -> Iterator[Stem]:
    if base not in _NOT_LATIN:
        yield from stem_words(text, base)
        return
    for own, latin in zip(stem_words(text, base), stem_words(text, "en"), strict=True):
        if base == "th" and _THAI_RUN.match(own.word):
            continue
        if not _OTHER_RUN.match(own.word):
            yield latin if _LATIN.match(own.word) else own


def _unspaced(text: str, base: str) -> Iterator[str]:
    for run in _HAN_RUN.findall(text):
        if base == "zh":
            yield from _chinese(run)
        else:
            yield from _pairs(run)
    if _THAI_RUN.search(text):
        for run in _THAI_RUN.findall(text):
            yield from _thai(run)
    for run in _OTHER_RUN.findall(text):
        yield from _pairs(run)


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


def _chinese(run: str) -> Iterator[str]:
    yield from _jieba().lcut_for_search(_simplified().convert(run))


def _thai(run: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pythainlp.tokenize import word_tokenize

    words: list[str] = word_tokenize(run, engine="newmm", keep_whitespace=False)
    return words


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():  # it was written for older Pythons
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


@cache
def _simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
