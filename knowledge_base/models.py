"""Which languages a model serves. Retrieval must know: similarity says little about
texts in other languages, and mixing it in makes them harder to find."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from knowledge_base.errors import LanguagesUnknown
from language import DataFile, language_code, load_data

__all__ = ["ANY", "model_languages", "serves"]

ANY = "*"
_CARD_LIMIT = 200_000  # characters of a README.md that are read


class _ModelsFile(DataFile):
    models: Mapping[str, tuple[str, ...]]


def model_languages(
    model: str, stated: Sequence[str] = (), setting: str = "embedding_languages"
) -> frozenset[str]:
    """The languages of a model as base tags ("zh"), or {"*"} for any: as stated by the user,
    else by the front matter of README.md in the model's folder, else by the list of known
    models. Never guessed.

    Args:
        setting: where the user states them.

    Raises:
        LanguagesUnknown: none of these says it, or what is stated is no language.
    """
    if stated:
        return _tags(stated, setting)
    folder = Path(model).expanduser()
    if folder.is_dir() and (card := _card_languages(folder / "README.md")):
        return card
    known = _known().get(model.rstrip("/").rpartition("/")[2].casefold())
    if known is None:
        raise LanguagesUnknown(
            f"the languages of the model {model} are not known; state them, such as "
            f'{setting} = ["en", "de", "zh"], or ["*"] for a model of any language'
        )
    return _tags(known, setting)


def serves(languages: frozenset[str], language: str) -> bool:
    """Whether a model of `languages` serves texts in `language`."""
    return ANY in languages or language.split("-")[0] in languages


def _tags(names: Sequence[str], setting: str) -> frozenset[str]:
    found = set()
    for name in names:
        code = ANY if name in (ANY, "multilingual") else language_code(name)
        if not code:
            raise LanguagesUnknown(
                f'"{name}" in {setting} is no language; use tags such as en, de, zh'
            )
        found.add(code.split("-")[0])
    return frozenset(found)


def _card_languages(card: Path) -> frozenset[str]:
    """What the front matter of a model card states, nothing where it cannot be read."""
    try:
        text = card.read_text(encoding="utf-8")[:_CARD_LIMIT]
        match = re.match(r"---\s*\n(.*?)\n---", text, re.DOTALL)
        about = yaml.safe_load(match.group(1)) if match else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return frozenset()
    names = about.get("language") if isinstance(about, dict) else None
    if isinstance(names, str) or names is False:
        names = [names]
    if not isinstance(names, list):
        return frozenset()
    # YAML 1.1 reads Norwegian as a denial.
    texts = ["no" if name is False else str(name) for name in names]
    codes = [ANY if t == "multilingual" else language_code(t).split("-")[0] for t in texts]
    return frozenset(code for code in codes if code)


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    models = load_data("knowledge_base", "models.yaml", _ModelsFile).models
    return {name.casefold(): languages for name, languages in models.items()}
