"""Whether everybody can read a mail: without seeing images, with a screen reader, with weak eyes.

One finding tells of all places of its kind, at the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from contracts.verdict import Finding, Place
from evaluation.fitness.page import Element, Page, attribute, one_line, read_page
from evaluation.fitness.readable import judge_readable
from evaluation.fitness.telling import examples, place_of, shortened
from evaluation.look import Look
from evaluation.rulefiles import TopicPack

__all__ = ["judge_accessibility"]

_HTML = Place("html")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}|[xX](?:-[A-Za-z0-9]{1,8}){1,6}")
_DOCUMENT = re.compile(r"<(?:html|head)\b", re.IGNORECASE)
_FILE = re.compile(
    r"[\w .()%+@-]{1,120}\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?|avif|heic)"
    r"|(?:img|dsc|image|screenshot|unnamed|untitled|pic|photo)[-_ ]?\d{1,12}",
    re.IGNORECASE,
)
_EDGES = " \t\r\n\u00a0\u200b.,:;!?»«›‹>→➔➜⟶➤▶►。！：；，…\"'“”„()[]（）「」【】"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PIXEL = frozenset({"0", "1", "0px", "1px", "2", "2px"})
_UNSPOKEN = frozenset({"presentation", "none"})
_MOST = 1_000  # elements of a kind that are looked at
_CRITERIA = {
    "accessibility.image_alt": "1.1.1",
    "accessibility.image_name": "1.1.1",
    "accessibility.contrast": "1.4.3",
    "accessibility.link_empty": "2.4.4",
    "accessibility.language_missing": "3.1.1",
    "accessibility.language_tag": "3.1.1",
}
"""Rules whose breach is plain, and the criterion of WCAG that EN 301 549 takes over."""


def judge_accessibility(look: Look) -> Iterator[Finding]:
    """What keeps people from reading the HTML part of a mail; nothing where there is none.

    What the page says of its language against the language it is in is for fidelity to say.
    """
    if not look.view.html.strip():
        return
    pack = look.packs.topics["accessibility"]
    page = read_page(look.view.html)
    broken: dict[str, None] = {}
    for finding in _findings(look, pack, page):
        if criterion := _CRITERIA.get(finding.rule):
            broken[criterion] = None
        yield finding
    union = set(pack.lists["european_union"])
    if broken and any(item.strip().upper() in union for item in look.context.jurisdictions):
        yield pack.rule("accessibility.european_act").finding(
            _HTML, say=look.context.say, criteria=", ".join(sorted(broken))
        )


def _findings(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    yield from _language(look, pack, page)
    yield from _title(look, pack)
    yield from _images(look, pack, page)
    yield from _links(look, pack, page)
    yield from _tables(look, pack, page)
    yield from _headings(look, pack, page)
    yield from judge_readable(look, pack, page)


def _language(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    say, said = look.context.say, look.view.lang.strip()
    if said and not _TAG.fullmatch(said):
        yield pack.rule("accessibility.language_tag").finding(_HTML, say=say, tag=shortened(said))
    elif not said and not look.language:
        yield pack.rule("accessibility.language_missing").finding(_HTML, say=say)
    language = look.language or said
    if not language:
        return
    backwards = language.replace("_", "-").split("-")[0].lower() in pack.lists["right_to_left"]
    outer = [attribute(item, "dir").lower() for item in (page.root, page.first("body"))]
    if backwards and "rtl" not in outer and not _turned(page):
        yield pack.rule("accessibility.direction").finding(_HTML, say=say, language=language)
    elif not backwards and "rtl" in outer:
        yield pack.rule("accessibility.direction_wrong").finding(_HTML, say=say, language=language)


def _turned(page: Page) -> bool:
    """Whether some element inside says that it runs from right to left."""
    return any(
        attribute(item, "dir").lower() == "rtl" or "rtl" in (item.get("style") or "").lower()
        for item in page.elements()
    )


def _title(look: Look, pack: TopicPack) -> Iterator[Finding]:
    """A piece of HTML that is no document has no place for a title."""
    if not look.view.page.title and _DOCUMENT.search(look.view.html[:20_000]):
        yield pack.rule("accessibility.title").finding(_HTML, say=look.context.say)


def _images(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    empty, promising = pack.words("empty_names"), pack.words("data_words")
    nameless: list[str] = []
    pixels: list[str] = []
    useless: list[str] = []
    data: list[str] = []
    for image in islice(page.elements("img"), _MOST):
        alt, source = image.get("alt"), attribute(image, "src")
        name = _file_name(source)
        if alt is None:
            small = {attribute(image, "width"), attribute(image, "height")} & _PIXEL
            if attribute(image, "aria-label") or attribute(image, "role") in _UNSPOKEN:
                continue
            (pixels if small else nameless).append(name)
            continue
        words = alt.strip().lower()[:200]
        if words and (words in empty or _FILE.fullmatch(words)):
            useless.append(f"{name}: «{shortened(alt)}»")
        if _may_show_figures(image, words, name, promising, pack):
            data.append(name)
    for rule, found in (
        ("image_alt", nameless), ("pixel_alt", pixels), ("image_name", useless),
        ("image_data", data),
    ):  # fmt: skip
        if found:
            yield pack.rule(f"accessibility.{rule}").finding(
                _HTML, say=look.context.say, images=examples(found, int(pack.limits["told"]))
            )


def _may_show_figures(
    image: Element, alt: str, name: str, promising: frozenset[str], pack: TopicPack
) -> bool:
    """Whether an image is called a chart, a table or a price list and nobody is told a number."""
    if any(char.isdigit() for char in alt):
        return False
    width = re.match(r"\d{1,5}", attribute(image, "width"))
    if width and int(width[0]) < pack.limits["picture_pixels"]:
        return False
    stem = name.rpartition(".")[0].lower() or name.lower()
    parts = {*re.split(r"[\W_\d]+", stem), *re.split(r"[\W_\d]+", alt)}
    return bool(parts & promising) or any(
        word in alt or word in stem for word in promising if not word.isascii()
    )


def _file_name(source: str) -> str:
    """The last part of an image's address, short enough to be told."""
    if source.startswith("data:"):
        return "data:"
    path = re.split(r"[?#]", source[:2_000], maxsplit=1)[0]
    return shortened(path.rstrip("/").rpartition("/")[2] or path or "?")


def _links(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    say, told = look.context.say, int(pack.limits["told"])
    nameless: list[str] = []
    links = list(islice(page.elements("a"), _MOST))
    named = {attribute(link, "href") for link in links if _name(link)}
    for link in links:
        address = attribute(link, "href")
        # A link around a table that holds a link is two for the parser, the first of them empty.
        if address and address not in named:
            nameless.append(shortened(address.partition("?")[0]))
    if nameless:
        yield pack.rule("accessibility.link_empty").finding(
            _HTML, say=say, links=examples(list(dict.fromkeys(nameless)), told)
        )
    vague = pack.words("vague_links")
    seen: set[str] = set()
    for item in islice(look.view.page.links, _MOST):
        label = item.label.strip(_EDGES).lower()
        if label in vague and label not in seen:
            seen.add(label)
            place = Place("html", item.span)
            yield pack.rule("accessibility.link_vague").finding(place, say=say, label=item.label)


def _name(link: Element) -> str:
    """What a screen reader calls a link (Accessible Name and Description Computation 1.1)."""
    for name in ("aria-label", "title"):
        if said := attribute(link, name):
            return said
    for words in link.itertext():
        if words.strip():
            return str(words)
    for image in link.iter("img", "svg"):
        if said := attribute(image, "alt") or attribute(image, "aria-label"):
            return said
    return ""


def _tables(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    silent = sum(
        1
        for table in islice(page.elements("table"), _MOST)
        if attribute(table, "role").lower() not in _UNSPOKEN
        and not any(True for _ in table.iter("th", "caption"))
    )
    if silent:
        yield pack.rule("accessibility.layout_table").finding(
            _HTML, say=look.context.say, count=silent
        )


def _headings(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    say, before = look.context.say, 0
    empty = False
    for heading in islice(page.elements(*_HEADINGS), _MOST):
        words = one_line("".join(islice(heading.itertext(), 20))[:400])
        if not words and not any(attribute(image, "alt") for image in heading.iter("img")):
            empty = True
            continue
        level = int(heading.tag[1])
        if before and level > before + 1:
            yield pack.rule("accessibility.heading_order").finding(
                place_of(look, words), say=say, before=before, after=level, words=shortened(words)
            )
            break
        before = level
    if empty:
        yield pack.rule("accessibility.heading_empty").finding(_HTML, say=say)
