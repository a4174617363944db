"""Reads a language's folder; a regional one over the one that it is based on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from language.datafile import DataFile
from language.text import is_cjk
from personalize.errors import BadPhrases, NoText
from personalize.writing.language_files import FILES

__all__ = ["languages", "own_versions", "read_folder"]

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What a word replacement leaves alone: tags, Jinja2 and merge fields.
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\[\[.*?\]\]|</?[a-z:_.]+>")
_ABOUT = frozenset({"version", "source"})


def _root() -> Traversable:
    return files("personalize") / "languages"


@cache
def languages() -> tuple[str, ...]:
    """Every language that has a folder, regional ones included, sorted."""
    found = (item for item in _root().iterdir() if item.is_dir())
    return tuple(sorted(item.name for item in found if (item / "language.yaml").is_file()))


def read_folder(language: str, root: Traversable | Path | None = None) -> Mapping[str, DataFile]:
    """The files of `language` by name, each in its model; what the folder lacks comes from its
    base. A file that neither has is empty.

    Raises:
        NoText: there is no such folder.
        BadPhrases: a file does not load; the message names file, place and what is wrong.
    """
    raw = _raw(language, root or _root())
    loaded: dict[str, DataFile] = {}
    for name, model in FILES.items():
        where = f"languages/{language}/{name}.yaml"
        try:
            loaded[name] = model.model_validate(raw[name])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "top level"
            raise BadPhrases(f"{where}, {place}: {first['msg']}; mend the file") from error
    return loaded


def own_versions(loaded: Mapping[str, DataFile], language: str) -> Mapping[str, str]:
    """What a draft says of the files that it was written from: one version for the folder."""
    versions = "-".join(str(file.version) for file in loaded.values())
    return {f"languages/{language}": versions}


def _raw(language: str, root: Traversable | Path) -> dict[str, dict[str, Any]]:
    folder = root / language
    if not re.fullmatch(r"[A-Za-z0-9-]+", language) or not (folder / "language.yaml").is_file():
        raise NoText(language, (f"languages/{language}/",))
    own = {name: _load(folder / f"{name}.yaml", language, name) for name in FILES}
    base = own["language"].get("base", "")
    if not base:
        return own
    under = _raw(base, root)
    words: Mapping[str, str] = own["language"].get("words", {})
    merged: dict[str, dict[str, Any]] = {}
    for name in FILES:
        taken = _reworded(under[name], words) if words else under[name]
        merged[name] = _merged(taken, own[name])
    return merged


def _load(path: Traversable | Path, language: str, name: str) -> dict[str, Any]:
    where = f"languages/{language}/{name}.yaml"
    if not path.is_file():
        return {"version": "0", "source": "no such file"}
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise BadPhrases(f"{where}{line}: not valid YAML; mend the file") from error
    if not isinstance(data, dict):
        raise BadPhrases(f"{where}: holds no keys; mend the file")
    return data


def _merged(under: Any, over: Any) -> Any:
    """`over` upon `under`: mappings key by key, lists of patterns by id, the rest as a whole."""
    if isinstance(under, dict) and isinstance(over, dict):
        absent = over.get("source") == "no such file"
        kept = {key: item for key, item in over.items() if not (absent and key in _ABOUT)}
        return {
            **under,
            **{key: _merged(under[key], item) if key in under else item
               for key, item in kept.items()},
        }  # fmt: skip
    if _patterns(under) and _patterns(over):
        changed = {item["id"]: item for item in over}
        kept_ids = {item["id"] for item in under}
        return [_merged(item, changed.get(item["id"], {})) for item in under] + [
            item for item in over if item["id"] not in kept_ids
        ]
    return over


def _patterns(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and "id" in item for item in value
    )


def _whole(word: str) -> str:
    before = "" if is_cjk(word[0]) else r"\b"
    after = "" if is_cjk(word[-1]) else r"\b"
    return f"{before}{re.escape(word)}{after}"


def _reworded(value: Any, words: Mapping[str, str]) -> Any:
    """Whole words replaced in every text, case of the first letter kept; in scripts that do not
    space their words, wherever they stand, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(_whole, longest)), re.IGNORECASE)
    lower = {key.casefold(): item for key, item in words.items()}

    def one(match: re.Match[str]) -> str:
        new = lower[match.group().casefold()]
        return new[:1].upper() + new[1:] if match.group()[:1].isupper() else new

    def text(raw: str) -> str:
        parts, end = [], 0
        for code in _CODE.finditer(raw):
            parts += [pattern.sub(one, raw[end : code.start()]), code.group()]
            end = code.end()
        return "".join([*parts, pattern.sub(one, raw[end:])])

    def walk(item: Any, key: str = "") -> Any:
        if isinstance(item, dict):
            return {name: walk(inner, str(name)) for name, inner in item.items()}
        if isinstance(item, list):
            return [walk(inner, key) for inner in item]
        return text(item) if isinstance(item, str) and key not in _UNTOUCHED else item

    return walk(value)


# Keys whose values are ids, expressions or about the file, never text of a mail.
_UNTOUCHED = frozenset(
    {"id", "needs", "style", "stage", "touch", "tactic", "version", "source", "language", "base",
     "find", "forms", "rules", "direction", "count", "default"}
)  # fmt: skip
