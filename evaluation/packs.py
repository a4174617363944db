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
from pydantic import BaseModel, ValidationError

from contracts.brief import LocalText
from contracts.mail import LegalProfile
from evaluation.errors import BadRulePack
from evaluation.law.packfile import (
    Check,
    EverywherePack,
    KindTexts,
    LawPack,
    Register,
    SubjectLabel,
)
from evaluation.rulefiles import (
    ClaimWords,
    FidelityWords,
    Identity,
    RuleFile,
    Signs,
    SpamPack,
    TopicPack,
)
from evaluation.spam.model import load_model
from language.tags import data_language

__all__ = ["STRICT", "RulePacks", "load_packs", "of_language"]

STRICT = "STRICT"
"""The pack of every country that has none of its own."""


_Model = TypeVar("_Model", bound=BaseModel)


class _KindsFile(RuleFile):
    kinds: Mapping[str, KindTexts]
    sign_names: Mapping[str, LocalText]


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
    identity: Mapping[str, Identity]  # by region
    kinds: Mapping[str, KindTexts]  # by kind of check
    sign_names: Mapping[str, LocalText]  # what a sign is called in findings

    def profile(self, code: str) -> LegalProfile:
        """The legal profile of a pack.

        Raises:
            BadRulePack: there is no pack of that code.
        """
        pack = self.law.get(code)
        if pack is None:
            known = ", ".join(sorted(self.law))
            raise BadRulePack(f"There is no rule pack {code!r}: use one of {known}.")
        pack = self.law[pack.edition.as_in or code]
        sharing = [
            item for item in self.law.values() if pack.code in (item.code, item.edition.as_in)
        ]
        return LegalProfile(
            code=pack.code,
            countries=tuple(country for item in sharing for country in item.countries),
            subject_label=dict(pack.edition.subject_label),
            footer=pack.edition.footer,
            jurisdictions=tuple(item.code for item in sharing),
        )

    def pack_for(self, country: str) -> LawPack:
        """The pack that governs a country or a part of one ("CA-QC"); for a part without a pack
        that of its country, for a country without one the strictest."""
        place = country.strip().upper()
        for name in (place, place.partition("-")[0]):
            if name in self._by_country:
                return self.law[self._by_country[name]]
        return self.law[STRICT]

    def profile_for(self, country: str) -> LegalProfile:
        """The profile for a contact's country; "" or a country without a pack: STRICT."""
        return self.profile(self.pack_for(country).code)

    def checks_for(self, code: str) -> tuple[Check, ...]:
        """A pack's checks, those of the place that it is a part of, and those it includes. A
        label belongs to one place: another pack's label is not taken over, the including pack
        says which it wants."""
        return self._checks[code]

    @cached_property
    def _checks(self) -> Mapping[str, tuple[Check, ...]]:
        return {code: tuple(self._gathered(pack)) for code, pack in self.law.items()}

    def _gathered(self, pack: LawPack) -> list[Check]:
        found: dict[str, Check] = {check.id: check for check in pack.checks}
        for name in (pack.part_of, *pack.include):
            for check in self._gathered(self.law[name]) if name else ():
                labelled = check.kind == "subject_label" and name != pack.part_of
                if check.id not in pack.not_included and not labelled:
                    found.setdefault(check.id, check)
        return list(found.values())

    @cached_property
    def _by_country(self) -> Mapping[str, str]:
        return {country: pack.code for pack in self.law.values() for country in pack.countries}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every label that some law puts in front of a subject, longest first."""
        found = {
            label
            for pack in self.law.values()
            for check in pack.checks
            if isinstance(check, SubjectLabel)
            for label in check.labels
        }
        return tuple(sorted(found, key=lambda label: (-len(label), label)))

    @cached_property
    def registers(self) -> frozenset[str]:
        """Public lists of objections that some law wants asked."""
        checks = [check for pack in self.law.values() for check in pack.checks]
        return frozenset(item.register_name for item in checks if isinstance(item, Register))

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """Every rule that a finding may name and a file may speak of."""
        law = [check.id for pack in self.law.values() for check in pack.checks]
        law += [check.id for check in self.everywhere.checks]
        spam = [signal.id for pack in self.spam.values() for signal in pack.signals]
        topics = [rule.id for pack in self.topics.values() for rule in pack.rules]
        return frozenset([*law, *spam, *topics])

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Version by pack: {"law/de": "2026-11-22", ...}."""
        rows = {f"law/{code.lower()}": pack.version for code, pack in self.law.items()}
        rows["everywhere"] = self.everywhere.version
        rows |= {f"identity/{name}": item.version for name, item in self.identity.items()}
        rows["fidelity"] = self.fidelity.version
        rows |= {f"topics/{name}": item.version for name, item in self.topics.items()}
        rows |= {f"signs/{name}": item.version for name, item in self.signs.items()}
        rows |= {f"spam/{name or 'common'}": item.version for name, item in self.spam.items()}
        rows["spam/model"] = load_model().version
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
        named = [*pack.include, *filter(None, (pack.part_of, pack.edition.as_in))]
        unknown = [name for name in named if name not in law]
        if unknown:
            raise BadRulePack(
                f"Pack {pack.code} names {', '.join(unknown)}: no such pack; add or remove it."
            )
        if pack.edition.as_in and not law[pack.edition.as_in].edition.footer:
            raise BadRulePack(f"Pack {pack.code}: edition.as_in must name a pack with a footer.")
        _no_circle(pack, law, ())
    seen: dict[str, str] = {}
    for pack in law.values():
        for country in pack.countries:
            if country in seen:
                raise BadRulePack(
                    f"{country} is claimed by {seen[country]} and {pack.code}: keep it in one."
                )
            seen[country] = pack.code
    said = _file(root / "kinds.yaml", _KindsFile)
    return RulePacks(
        law=law,
        everywhere=_file(root / "everywhere.yaml", EverywherePack),
        signs={item.language: item for item in _folder(root, "signs", Signs)},
        spam={item.language: item for item in _folder(root, "spam", SpamPack)},
        claims={item.language: item for item in _folder(root, "claims", ClaimWords)},
        fidelity=_file(root / "fidelity" / "common.yaml", FidelityWords),
        topics={item.topic: item for item in _folder(root, "topics", TopicPack)},
        identity={item.region: item for item in _folder(root, "identity", Identity)},
        kinds=said.kinds,
        sign_names=said.sign_names,
    )


def _no_circle(pack: LawPack, law: Mapping[str, LawPack], above: tuple[str, ...]) -> None:
    if pack.code in above:
        raise BadRulePack(f"Pack {pack.code} includes itself by {' and '.join(above)}: mend one.")
    for name in filter(None, (pack.part_of, *pack.include)):
        if name in law:
            _no_circle(law[name], law, (*above, pack.code))


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
