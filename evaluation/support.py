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
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from contracts.errors import BadInput
from evaluation.fitness.page import read_page
from evaluation.rulefiles import RuleFile
from evaluation.view.stylesheet import declarations

__all__ = [
    "FAMILIES",
    "ClientData",
    "Gap",
    "graceful_features",
    "read_client_data",
    "unsupported",
    "used_features",
]

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


def graceful_features() -> frozenset[str]:
    """What the product's own mails use and are right without."""
    return frozenset(_features().graceful)


@lru_cache(maxsize=1)
def _features() -> FeatureFile:
    resource = files("evaluation") / "rules" / "rendering" / "features.yaml"
    try:
        return FeatureFile.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadInput(f"evaluation/rules/rendering/features.yaml: {error}") from error


def used_features(html: str, *, shown: bool = False) -> tuple[str, ...]:
    """The slugs of all features that `html` uses, sorted. What stands in conditional comments
    is for one program alone, which knows it, and does not count.

    Args:
        shown: only what is used to show something: of a style that hides its element with
            `display: none`, as that of a preheader, nothing else counts.
    """
    page = read_page(html)
    ways = _ways()
    found: set[str] = set()
    styles: set[str] = set()
    for element in page.elements():
        tag = element.tag
        found.update(ways.elements.get(tag, ()))
        for name, value in element.items():
            if name == "style":
                styles.add(value)
            for way in ways.attributes.get(name, ()):
                if way.slug not in found and way.holds(tag, value):
                    found.add(way.slug)
    for style in styles:
        if shown and _HIDING.search(style):
            found |= _of_style("display:none")
        else:
            found |= _of_style(style) if len(style) <= _SHORT else _of_pairs(declarations(style))
    for rule in page.sheet.rules:
        hides = shown and any(
            name == "display" and said.startswith("none") for name, said in rule.declarations
        )
        found |= _of_style("display:none") if hides else _of_pairs(rule.declarations)
        if not rule.selector.startswith("@"):
            found |= _of_selector(rule.selector[:_SHORT])
    for name, said in page.sheet.at_rules:
        for condition, slug in ways.at_rules.get(name, ()):
            if condition.search(said):
                found.add(slug)
    if not _BODY.search(page.source):  # the parser gives every mail one
        found -= set(ways.elements.get("body", ()))
    return tuple(sorted(found))


_HIDING = re.compile(r"display\s{0,4}:\s{0,4}none", re.IGNORECASE)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_SHORT = 1_000  # characters of a style or a selector that are looked at together


@dataclass(frozen=True, slots=True)
class _OfAttribute:
    slug: str
    element: str  # "" any
    value: re.Pattern[str]

    def holds(self, element: str, value: str) -> bool:
        return self.element in ("", element) and bool(self.value.search(value))


@dataclass(frozen=True, slots=True)
class _Ways:
    """The detections of the file, looked up by what a mail holds."""

    elements: Mapping[str, tuple[str, ...]]  # element -> slugs
    attributes: Mapping[str, tuple[_OfAttribute, ...]]
    properties: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]
    values: tuple[tuple[re.Pattern[str], str], ...]  # of any property
    at_rules: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]
    selectors: tuple[tuple[re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _ways() -> _Ways:
    elements: dict[str, list[str]] = {}
    attributes: dict[str, list[_OfAttribute]] = {}
    properties: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    at_rules: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    values: list[tuple[re.Pattern[str], str]] = []
    selectors: list[tuple[re.Pattern[str], str]] = []
    for slug, way in _features().features.items():
        for name in way.elements:
            elements.setdefault(name, []).append(slug)
        for wanted in way.attributes:
            element, bracket, rest = wanted.partition("[")
            name, owner = (rest.rstrip("]"), element) if bracket else (element, "")
            value = re.compile(way.attribute_value, re.IGNORECASE)
            attributes.setdefault(name, []).append(_OfAttribute(slug, owner, value))
        said = (re.compile(way.value, re.IGNORECASE), slug)
        for name in way.properties:
            properties.setdefault(name, []).append(said)
        if way.value and not way.properties:
            values.append(said)
        if way.at_rule:
            condition = re.compile(way.condition, re.IGNORECASE)
            at_rules.setdefault(way.at_rule, []).append((condition, slug))
        if way.selector:
            selectors.append((re.compile(way.selector), slug))
    return _Ways(
        {name: tuple(slugs) for name, slugs in elements.items()},
        {name: tuple(ways) for name, ways in attributes.items()},
        {name: tuple(ways) for name, ways in properties.items()},
        tuple(values),
        {name: tuple(ways) for name, ways in at_rules.items()},
        tuple(selectors),
    )


@lru_cache(maxsize=2048)
def _of_style(style: str) -> frozenset[str]:
    """What one style attribute uses; a mail repeats them a lot."""
    return _of_pairs(declarations(style))


def _of_pairs(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    found: set[str] = set()
    for name, value in pairs:
        short = len(name) + len(value) <= _SHORT
        found |= _of_pair(name, value) if short else _looked_at(name, value)
    return frozenset(found)


@lru_cache(maxsize=8192)
def _of_pair(name: str, value: str) -> frozenset[str]:
    return _looked_at(name, value)


def _looked_at(name: str, value: str) -> frozenset[str]:
    ways = _ways()
    of_property = ways.properties.get(name, ())
    return frozenset(slug for said, slug in (*of_property, *ways.values) if said.search(value))


@lru_cache(maxsize=2048)
def _of_selector(selector: str) -> frozenset[str]:
    return frozenset(slug for said, slug in _ways().selectors if said.search(selector))
