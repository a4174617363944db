"""Whether the links of a mail lead somewhere, to the right place, and the same in both parts.

Look-alike hosts, bare IP addresses and shorteners are signs of spam, and placeholders that stand
open are leftovers: neither is told here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from contracts.verdict import Finding, Place
from evaluation.fitness.addresses import Address, faults, mailto_faults, read_address
from evaluation.fitness.page import attribute, read_page
from evaluation.fitness.telling import examples, shortened
from evaluation.look import Look
from evaluation.rulefiles import TopicPack
from evaluation.view.htmlview import Link

__all__ = ["judge_links"]

_EDGES = " \t\r\n\u00a0\u200b.,:;!?»«›‹>→➔➜⟶➤▶►。！：；，…\"'“”()[]（）【】"
_TOKEN = re.compile(r"(?=[^/]{0,200}\d)(?=[^/]{0,200}[A-Za-z])[\w=.~%-]{16,}")


@dataclass(slots=True)
class _Kept:
    """What a rule was found for, the first place of it."""

    place: Place
    found: dict[str, None] = field(default_factory=dict)  # in order, each once


def judge_links(look: Look) -> Iterator[Finding]:
    """Everything that the addresses of a mail tell by themselves; nothing is opened."""
    pack = look.packs.topics["links"]
    links = _judged(look, pack)
    yield from _addresses(look, pack, links)
    yield from _labels(look, pack, links)
    yield from _parts(look, pack, links)
    pages = {_page(address) for link, address in links if link.part == "html" and address.is_web}
    if len(pages) > pack.limits["buried"]:
        yield pack.rule("links.buried").finding(
            Place("html"), say=look.context.say, count=len(pages)
        )


_Links = Sequence[tuple[Link, Address]]


def _judged(look: Look, pack: TopicPack) -> _Links:
    """Links with their addresses, the first of those that stand several times with one label;
    those that a worker or another tool still fills are left out."""
    most = int(pack.limits["judged"])
    open_place = _any(look.packs.fidelity.placeholders)
    found: list[tuple[Link, Address]] = []
    seen: set[tuple[str, str, str]] = set()
    for link in look.view.links:
        key = (link.part, link.href[:4_000], link.label[:200])
        if key in seen:
            continue
        seen.add(key)
        if not open_place.search(key[1]):
            found.append((link, read_address(link.href)))
        if len(seen) >= most:
            break
    return found


@lru_cache(maxsize=4)
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _addresses(look: Look, pack: TopicPack, links: _Links) -> Iterator[Finding]:
    say, told = look.context.say, int(pack.limits["told"])
    kept: dict[str, _Kept] = {}
    anchors: frozenset[str] | None = None
    sample = bool(look.context.sender and look.context.sender.sample)
    for link, address in links:
        place = Place(link.part, link.span)
        if anchors is None and address.href.startswith("#"):
            anchors = _anchors(look)
        for rule in faults(address, pack, anchors or ()):
            if rule != "sample_host" or not sample:  # an invented sender may link to nowhere
                _keep(kept, rule, place, shortened(address.shown) or "«»")
        if address.is_web:
            for what in _parameters(address, pack):
                _keep(kept, "parameters", place, what)
        elif address.scheme == "mailto":
            for what in mailto_faults(address, pack):
                _keep(kept, "mailto", place, shortened(what))
    for link_without in _without_address(look):
        _keep(kept, "empty", Place("html"), link_without)
    for rule, item in kept.items():
        said = examples(list(item.found), told)
        yield pack.rule(f"links.{rule}").finding(
            item.place, say=say, links=said, parameters=said, what=said
        )


def _keep(kept: dict[str, _Kept], rule: str, place: Place, what: str) -> None:
    kept.setdefault(rule, _Kept(place)).found[what] = None


def _without_address(look: Look) -> Iterator[str]:
    """Labels of links whose address is empty, which the view does not count as links."""
    if "href" not in look.view.html:
        return
    for element in read_page(look.view.html).elements("a"):
        if element.get("href") is not None and not attribute(element, "href"):
            yield f"«{shortened(' '.join(element.itertext()), 40)}»"


def _anchors(look: Look) -> frozenset[str]:
    names: set[str] = set()
    for element in read_page(look.view.html).elements():
        names.update(value for value in (element.get("id"), element.get("name")) if value)
    return frozenset({*names, "top"})  # HTML Standard, 7.4.6.3: the top is always there


def _parameters(address: Address, pack: TopicPack) -> Iterator[str]:
    tracking, unfilled = pack.lists["tracking_parameters"], pack.lists["unfilled_values"]
    seen: dict[str, str] = {}
    if "?" in address.query:
        yield "?…?"
    for name, value in address.pairs():
        if name.startswith("amp;"):
            yield f"&{name[:30]}"
        if name not in tracking:
            continue
        plain = value.strip().lower()
        if not plain or plain in unfilled:
            yield f"{name}={plain}"
        elif seen.setdefault(name, plain) != plain:
            yield f"{name}={shortened(seen[name], 20)} / {shortened(plain, 20)}"


def _labels(look: Look, pack: TopicPack, links: _Links) -> Iterator[Finding]:
    """Labels of the HTML part that lead to several pages. The mail's own words for an address
    are no label; where a click is counted, nobody can tell whether two pages are the same."""
    general = {
        *pack.lists["general_labels"],
        *look.packs.topics["accessibility"].lists["vague_links"],
    }
    pages: dict[str, dict[str, Link]] = {}
    for link, address in links:
        label = link.label.strip(_EDGES).lower()
        told = link.part == "html" and address.is_web and not _is_counted(address)
        if told and len(label) > 1 and "." not in label:
            pages.setdefault(label, {}).setdefault(_page(address), link)
    several = [(label, own) for label, own in pages.items() if len(own) > 1]
    for label, own in several[: int(pack.limits["labels"])]:
        first = next(iter(own.values()))
        rule = "links.same_general_label" if label in general else "links.same_label"
        yield pack.rule(rule).finding(
            Place("html", first.span),
            say=look.context.say,
            label=shortened(first.label, 40),
            links=examples([shortened(page) for page in own], int(pack.limits["told"])),
            count=len(own),
        )


def _parts(look: Look, pack: TopicPack, links: _Links) -> Iterator[Finding]:
    """Pages that only one part leads to. Of a mail whose clicks are counted nothing is said:
    most tools count them in one part only."""
    if not look.view.html.strip() or not look.view.text.strip():
        return
    web = [(link, address) for link, address in links if address.is_web]
    page = {_compared(address): address for link, address in web if link.part == "html"}
    text = {_compared(address): address for link, address in web if link.part == "text"}
    say = look.context.say
    if page and not text:
        if not any(link.part == "text" for link in look.view.links):
            yield pack.rule("links.text_without").finding(Place("text"), say=say)
        return
    counted = sum(_is_counted(address) for _, address in web)
    if not page or counted * 3 > len(web):
        return
    hosts = {key.partition("/")[0] for key in page} & {key.partition("/")[0] for key in text}
    lonely = [
        shortened(address.shown)
        for one, other in ((page, text), (text, page))
        for key, address in one.items()
        if key not in other and not (key.partition("/")[0] in hosts and _is_root(key))
    ]
    if lonely:
        yield pack.rule("links.parts_differ").finding(
            Place("text"), say=say, links=examples(lonely, int(pack.limits["told"]))
        )


def _is_root(key: str) -> bool:
    return key.rstrip("/").count("/") == 0


def _page(address: Address) -> str:
    """The page that an address opens: without what counts visits and places of the page."""
    query = "&".join(
        item
        for item in address.query.split("&", 200)[:200]
        if not item.lower().startswith(("utm_", "mtm_", "pk_", "mc_"))
    )
    path = address.path.rstrip("/")
    return f"{address.host.removeprefix('www.')}{path}{'?' if query else ''}{query}"


def _compared(address: Address) -> str:
    """Host and path; the host alone where a mark stands in it that differs by reader."""
    host = address.host.removeprefix("www.")
    if _is_counted(address):
        return f"{host}/"
    return f"{host}{address.path.rstrip('/') or '/'}"


def _is_counted(address: Address) -> bool:
    """Whether an address holds a long mark, as those do that count a reader's clicks."""
    values = [item.partition("=")[2] for item in address.query.split("&", 20)[:20]]
    return any(_TOKEN.fullmatch(part) for part in (*address.path.split("/", 20)[:20], *values))
