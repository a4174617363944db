"""Buttons and links of a mail held against the addresses and words that the brief gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote_plus, urlsplit

from contracts.brief import Brief, local_text
from contracts.mail import Module, ModuleKind
from contracts.verdict import Finding, Place
from evaluation.claims.findings import at, finding
from evaluation.claims.sources import agrees, numbers_in

__all__ = ["link_findings"]


def link_findings(module: Module, brief: Brief, language: str) -> Iterator[Finding]:
    """What the button of `module` and the links below its paragraphs say or open that the
    brief does not give. A button opens the address of the call to action, a link that of the
    event or of an item; either may carry the brief's link parameters."""
    place = Place(f"module:{module.kind}")
    if module.kind is ModuleKind.CALL_TO_ACTION and (module.label or module.url):
        yield from _label(place, module.label, brief, language)
        given = set(brief.call_to_action.url.values())
        if module.url and not _given(module.url, given, brief.link_parameters):
            yield _wrong_address(place, "The button")
    given = {url for item in brief.items for url in item.url.values()}
    given |= set(brief.event.url.values()) if brief.event else set()
    for link in module.links:
        if not _given(link.url, given, brief.link_parameters):
            yield _wrong_address(place, "A link")


def _label(place: Place, label: str, brief: Brief, language: str) -> Iterator[Finding]:
    labels = local_text(brief.call_to_action.label, language) or ()
    stated = [number for text in labels for number in numbers_in(text, language)]
    for number in numbers_in(label, language):
        if not any(agrees(number, other) for other in stated):
            yield finding(
                "claims.number_unsupported",
                at(place, number.span),
                f"The source does not give the figure {number.raw.strip()}.",
                "Use the figure that the source gives.",
            )


def _given(url: str, given: Collection[str], parameters: Mapping[str, str]) -> bool:
    """Whether `url` is an address of `given`, as it stands there or with parameters behind its
    own query."""
    return url in given or any(_extended(url, base, parameters) for base in given)


def _extended(url: str, base: str, parameters: Mapping[str, str]) -> bool:
    try:
        said, own = urlsplit(url), urlsplit(base)
    except ValueError:  # "https://[": no address at all
        return False
    if said._replace(query="") != own._replace(query=""):
        return False
    rest = said.query.removeprefix(own.query) if own.query else said.query
    if own.query and (rest == said.query or not rest.startswith("&")):
        return False
    pairs = [pair.partition("=") for pair in rest.removeprefix("&").split("&")]
    names = [unquote_plus(name) for name, _, _ in pairs]
    return len(set(names)) == len(names) and all(
        parameters.get(unquote_plus(name)) == unquote_plus(value) for name, _, value in pairs
    )


def _wrong_address(place: Place, what: str) -> Finding:
    return finding(
        "claims.button_address",
        place,
        f"{what} leads to an address that the brief does not give.",
        "Use the address that the brief gives for it.",
    )
