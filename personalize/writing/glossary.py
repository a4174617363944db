"""The terms of a house in several languages: a file of `glossaries/`.

    version: "1"
    source: Terminology of the product team, 2026
    terms:
      - {en: condition monitoring, de: [Zustandsüberwachung, Condition Monitoring]}

Of several words in a language the first is the one to use; the others are accepted too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from contracts.errors import BadInput
from language.datafile import DataFile
from language.text import is_cjk
from personalize.writing.prompt_files import by_language

__all__ = ["Glossary", "Term", "load_glossary"]

_INFLECTED = 4  # letters from which a word may have an ending or be part of a compound


def _lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: [item] if isinstance(item, str) else item for key, item in value.items()}
    return value


_Word = Annotated[str, Field(min_length=1, max_length=120)]
_Words = Annotated[tuple[_Word, ...], Field(min_length=1)]


class _File(DataFile):
    terms: tuple[Annotated[Mapping[str, _Words], BeforeValidator(_lists)], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term from one language into another."""

    source: tuple[str, ...]
    target: tuple[str, ...]  # the first is the one to use


@dataclass(frozen=True, slots=True)
class Glossary:
    """Every term by language. The empty glossary asks for nothing."""

    terms: tuple[Mapping[str, tuple[str, ...]], ...] = ()

    def between(self, source: str, target: str) -> tuple[Term, ...]:
        """The terms that have words in both languages; a regional language reads its base."""
        pairs = ((by_language(t, source, ()), by_language(t, target, ())) for t in self.terms)
        return tuple(Term(one, other) for one, other in pairs if one and other)

    def used_in(self, text: str, source: str, target: str) -> Iterator[Term]:
        """The terms that stand in a text of the source language."""
        for term in self.between(source, target):
            if _stands(term.source, text):
                yield term

    def missing(self, text: str, translated: str, source: str, target: str) -> str:
        """The word for the first term of `text` that `translated` lacks, "" if it has all."""
        for term in self.used_in(text, source, target):
            if not _stands(term.target, translated):
                return term.target[0]
        return ""

    def shown(self, texts: Sequence[str], source: str, target: str) -> str:
        """The terms that stand in any of `texts`, as JSON; "" if none does."""
        used = {
            term.source[0]: term.target[0]
            for text in texts
            for term in self.used_in(text, source, target)
        }
        return json.dumps(used, ensure_ascii=False) if used else ""


def load_glossary(path: Path) -> Glossary:
    """The glossary in a file.

    Raises:
        BadInput: there is none, or it does not read; the message says where and what to mend.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 text; give another file") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path}{line}: not valid YAML; mend the file") from error
    try:
        return Glossary(_File.model_validate(raw).terms)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise BadInput(f"{path}, {place}: {first['msg']}; mend the file") from error


def _stands(words: Sequence[str], text: str) -> bool:
    """Whether one of `words` stands in `text`, with an ending of its language or as the first
    part of a compound; in scripts without spaces anywhere."""
    return any(_pattern(word).search(text) for word in words)


def _pattern(word: str) -> re.Pattern[str]:
    escaped = r"\s+".join(re.escape(part) for part in word.split())
    if is_cjk(word[0]):
        return re.compile(escaped)
    end = "" if len(word) >= _INFLECTED else r"(?!\w)"
    return re.compile(rf"(?<!\w){escaped}{end}", re.IGNORECASE)
