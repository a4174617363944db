"""Rule packs: what the law, the spam filters and the checkers know, read from data files.

The folder holds `everywhere.yaml` and the folders `law`, `signs`, `spam`, `claims` and
`fidelity`. A country is one file in `law`, a language one file in each of the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from contracts.mail import LegalProfile
from evaluation.errors import BadRulePack
from evaluation.rulefiles import (
    Check,
    CheckKind,
    ClaimWords,
    EverywherePack,
    FidelityWords,
    LawPack,
    RuleFile,
    Signs,
    SpamPack,
    TopicPack,
)
from language.tags import data_language

__all__ = ["STRICT", "RulePacks", "load_packs", "of_language"]

STRICT = "STRICT"
"""The pack of every country that has none of its own."""


_Model = TypeVar("_Model", bound=RuleFile)


@dataclass(frozen=True)
class RulePacks:
    """Every pack that was read. Immutable; read once and share."""

    law: Mapping[str, LawPack]
    everywhere: EverywherePack
    signs: Mapping[str, Signs]
    spam: Mapping[str, SpamPack]
    claims: Mapping[str, ClaimWords]
    fidelity: FidelityWords
    topics: Mapping[str, TopicPack]  # by the name of the subject: "attachments"

    def profile(self, code: str) -> LegalProfile:
        """The legal profile of a pack.

        Raises:
            BadRulePack: there is no pack of that code.
        """
        pack = self.law.get(code)
        if pack is None:
            known = ", ".join(sorted(self.law))
            raise BadRulePack(f"There is no rule pack {code!r}: use one of {known}.")
        return LegalProfile(
            code=pack.code,
            countries=pack.countries,
            subject_label=dict(pack.edition.subject_label),
            footer=pack.edition.footer,
            jurisdictions=(pack.code,),
        )

    def pack_for(self, country: str) -> LawPack:
        """The pack that governs a country; the strictest where none does."""
        return self.law[self._by_country.get(country.strip().upper(), STRICT)]

    def profile_for(self, country: str) -> LegalProfile:
        """The profile for a contact's country; "" or a country without a pack: STRICT."""
        return self.profile(self.pack_for(country).code)

    def checks_for(self, code: str) -> tuple[Check, ...]:
        """A pack's checks and those it includes. A label belongs to one place: another
        pack's label is not taken over, the including pack says which it wants."""
        pack = self.law[code]
        taken = [
            check
            for name in pack.include
            for check in self.law[name].checks
            if check.kind is not CheckKind.SUBJECT_LABEL
        ]
        return (*pack.checks, *taken)

    @cached_property
    def _by_country(self) -> Mapping[str, str]:
        return {country: pack.code for pack in self.law.values() for country in pack.countries}

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Version by pack: {"law/de": "2026-11-22", ...}."""
        rows = {f"law/{code.lower()}": pack.version for code, pack in self.law.items()}
        rows["everywhere"] = self.everywhere.version
        rows["fidelity"] = self.fidelity.version
        rows |= {f"topics/{name}": item.version for name, item in self.topics.items()}
        rows |= {f"signs/{name}": item.version for name, item in self.signs.items()}
        rows |= {f"spam/{name or 'common'}": item.version for name, item in self.spam.items()}
        rows |= {f"claims/{name}": item.version for name, item in self.claims.items()}
        return dict(sorted(rows.items()))

    def signs_in(self, language: str) -> tuple[Signs, ...]:
        """The signs of a language, or of every language where it is unknown."""
        own = of_language(self.signs, language)
        return (own,) if own else tuple(self.signs.values())


_Item = TypeVar("_Item")


def of_language(items: Mapping[str, _Item], language: str) -> _Item | None:
    """What is held for a language, for the one that it is a region of ("en" for "en-GB"), or
    for another region of it ("pt-BR" for "pt", "zh-Hant" for "zh-TW"); None where there is
    none of these."""
    tag = language
    while tag:
        if tag in items:
            return items[tag]
        tag = tag.rpartition("-")[0]
    wanted = data_language(language)
    return next(
        (item for key, item in items.items() if wanted and data_language(key) == wanted), None
    )


def load_packs(folder: Path | None = None) -> RulePacks:
    """Read all packs: the product's own, or those of a folder of the same shape.

    Raises:
        BadRulePack: a file is missing, is not YAML, or holds a key or value that is not known.
    """
    return _own_packs() if folder is None else _read(folder)


@cache
def _own_packs() -> RulePacks:
    return _read(resources.files("evaluation") / "rules")


def _read(root: Traversable) -> RulePacks:
    law = {pack.code: pack for pack in _folder(root, "law", LawPack)}
    if STRICT not in law:
        raise BadRulePack(f"The folder law holds no pack {STRICT}: add law/strict.yaml.")
    for pack in law.values():
        unknown = [name for name in pack.include if name not in law]
        if unknown:
            raise BadRulePack(
                f"Pack {pack.code} includes {', '.join(unknown)}: no such pack; add or remove it."
            )
    seen: dict[str, str] = {}
    for pack in law.values():
        for country in pack.countries:
            if country in seen:
                raise BadRulePack(
                    f"{country} is claimed by {seen[country]} and {pack.code}: keep it in one."
                )
            seen[country] = pack.code
    return RulePacks(
        law=law,
        everywhere=_file(root / "everywhere.yaml", EverywherePack),
        signs={item.language: item for item in _folder(root, "signs", Signs)},
        spam={item.language: item for item in _folder(root, "spam", SpamPack)},
        claims={item.language: item for item in _folder(root, "claims", ClaimWords)},
        fidelity=_file(root / "fidelity" / "common.yaml", FidelityWords),
        topics={item.topic: item for item in _folder(root, "topics", TopicPack)},
    )


def _folder(root: Traversable, name: str, model: type[_Model]) -> list[_Model]:
    folder = root / name
    if not folder.is_dir():
        raise BadRulePack(f"The rules hold no folder {name}: add it.")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return [_file(file, model) for file in files]


def _file(file: Traversable, model: type[_Model]) -> _Model:
    try:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return model.model_validate(raw)
    except OSError as error:
        raise BadRulePack(f"The rule file {file.name} cannot be read: add it.") from error
    except yaml.YAMLError as error:
        where = str(error).replace("\n", " ")
        raise BadRulePack(f"The rule file {file.name} is not YAML: {where}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadRulePack(f"The rule file {file.name}, {key}: {first['msg']}") from error
    except re.error as error:
        raise BadRulePack(f"The rule file {file.name} holds a bad pattern: {error}") from error
