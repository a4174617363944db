"""Which HTML and CSS of a mail the mail programs do not understand, by the data of caniemail.

The data is read from a folder that the caller names: the product itself runs without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from contracts.errors import BadInput
from evaluation.rulefiles import RuleFile
from evaluation.view.stylesheet import Sheet, declarations, read_sheet

__all__ = ["FAMILIES", "ClientData", "Gap", "read_client_data", "unsupported", "used_features"]

FAMILIES = ("gmail", "outlook", "apple-mail", "yahoo")
"""The programs that nearly all business mail is read in: what they lack is a problem."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A feature that a mail uses and that some programs do not have."""

    feature: str  # slug of caniemail
    title: str
    clients: tuple[str, ...]  # "outlook/windows 2019", sorted
    graceful: str = ""  # why the mail is right all the same; "" it is not


@dataclass(frozen=True, slots=True)
class ClientData:
    """What the newest version of every client and platform says: "y", "a" partly, "n", "u"."""

    titles: Mapping[str, str] = field(default_factory=dict)  # slug -> title
    support: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # slug -> client -> …

    @property
    def others(self) -> tuple[str, ...]:
        """The families beside the common ones, sorted."""
        every = {client.split("/")[0] for states in self.support.values() for client in states}
        return tuple(sorted(every - set(FAMILIES)))


def read_client_data(folder: Path) -> ClientData:
    """`features.jsonl` of a folder, one caniemail feature a line.

    Raises:
        BadInput: the file is missing, or a line is not what caniemail publishes; names it.
    """
    path = folder / "features.jsonl"
    titles: dict[str, str] = {}
    support: dict[str, dict[str, str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give its folder") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            slug = str(record["slug"])
            titles[slug] = str(record["title"])
            support[slug] = dict(_newest(record["stats"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(f"{path} line {number}: no caniemail feature; check the file") from error
    return ClientData(titles, support)


def _newest(
    stats: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> Iterator[tuple[str, str]]:
    for family, platforms in stats.items():
        for platform, versions in platforms.items():
            if versions:
                # The versions are listed as they came out, some by number and some by date.
                version, state = list(versions.items())[-1]
                yield f"{family}/{platform} {version}", state.strip()[:1]


def unsupported(html: str, data: ClientData, families: Iterable[str] = FAMILIES) -> tuple[Gap, ...]:
    """What `html` uses and the newest version of a family's programs does not support at all,
    by feature. Those that harm nothing where they are missing say why in `graceful`."""
    wanted = tuple(f"{family}/" for family in families)
    graceful = _features().graceful
    gaps: list[Gap] = []
    for slug in used_features(html):
        states = data.support.get(slug, {})
        lacking = sorted(c for c, s in states.items() if s == "n" and c.startswith(wanted))
        if lacking:
            title = data.titles.get(slug, slug)
            gaps.append(Gap(slug, title, tuple(lacking), graceful.get(slug, "")))
    return tuple(gaps)


class Detection(BaseModel):
    """How a feature is known in a mail: by any of its entries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    properties: tuple[str, ...] = ()  # CSS properties, by name
    value: str = ""  # only where their value matches; of any property without `properties`
    elements: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()  # "name" or "element[name]"
    attribute_value: str = ""  # only where the attribute's value matches
    at_rule: str = ""  # name without the sign
    condition: str = ""  # only where what follows the name matches
    selector: str = ""  # a selector of the style sheet matches

    @field_validator("value", "attribute_value", "condition", "selector")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value


class FeatureFile(RuleFile):
    """rules/rendering/features.yaml."""

    features: Mapping[str, Detection] = Field(min_length=1)
    graceful: Mapping[str, str]


@lru_cache(maxsize=1)
def _features() -> FeatureFile:
    resource = files("evaluation") / "rules" / "rendering" / "features.yaml"
    try:
        return FeatureFile.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadInput(f"evaluation/rules/rendering/features.yaml: {error}") from error


def used_features(html: str) -> tuple[str, ...]:
    """The slugs of all features that `html` uses, sorted. What stands in conditional comments
    is for one program alone, which knows it, and does not count."""
    soup = BeautifulSoup(html, "html.parser")
    sheet = read_sheet("\n".join(str(tag.string or "") for tag in soup.find_all("style")))
    elements: dict[str, int] = {}
    attributes: list[tuple[str, str, str]] = []
    pairs = [pair for rule in sheet.rules for pair in rule.declarations]
    for tag in soup.find_all(True):
        elements[tag.name] = elements.get(tag.name, 0) + 1
        for name, value in tag.attrs.items():
            said = value if isinstance(value, str) else " ".join(value or ())
            attributes.append((tag.name, name, said))
            if name == "style":
                pairs += declarations(said)
    return tuple(
        sorted(
            slug
            for slug, way in _features().features.items()
            if _found(way, elements, attributes, pairs, sheet)
        )
    )


def _found(
    way: Detection,
    elements: Mapping[str, int],
    attributes: list[tuple[str, str, str]],
    pairs: list[tuple[str, str]],
    sheet: Sheet,
) -> bool:
    if any(name in elements for name in way.elements):
        return True
    if way.properties or way.value:
        for name, value in pairs:
            if (not way.properties or name in way.properties) and re.search(way.value, value, re.I):
                return True
    for wanted in way.attributes:
        element, bracket, rest = wanted.partition("[")
        key = rest.rstrip("]") if bracket else element
        if any(
            name == key
            and (not bracket or tag == element)
            and re.search(way.attribute_value, value, re.I)
            for tag, name, value in attributes
        ):
            return True
    if way.at_rule and any(
        name == way.at_rule and re.search(way.condition, said, re.I)
        for name, said in sheet.at_rules
    ):
        return True
    return bool(way.selector) and any(
        re.search(way.selector, rule.selector) for rule in sheet.rules
    )
