"""HTML as Markdown: headings, lists, tables and quotations of the main text.

Left out is what stands around the text (navigation, cookie bars, footers, forms), and,
reported, what the page does not show: comments, `hidden`, inline styles that hide, text in
the colour of its ground. Styles in a sheet are not looked at.

Written on lxml alone, because a customer story is not a news article: its facts stand in
definition lists, short tables and lists, which extractors made for running text judge by
their length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge_base.readers.converted import Converted, Part
from knowledge_base.readers.encoding import decoded
from knowledge_base.readers.hypertext_blocks import blocks_of
from knowledge_base.readers.hypertext_hidden import remove_element, take_hidden
from knowledge_base.readers.limits import HTML_DEPTH
from knowledge_base.readers.reading import Refused

__all__ = ["convert_html"]

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "button",
        "input",
        "select",
        "textarea",
        "datalist",
        "dialog",
        "nav",
        "menu",
        "link",
        "meta",
        "head",
    ]
)
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "dialog",
        "alertdialog",
        "search",
        "menu",
        "menubar",
        "toolbar",
    ]
)
# Words in the class or id of what stands around the text of a page, as site builders write
# them; compared with whole words ("cookie-bar", "nav__list").
_AROUND = frozenset(
    [
        "breadcrumb",
        "breadcrumbs",
        "cookie",
        "cookies",
        "cookiebar",
        "cookiebanner",
        "consent",
        "gdpr",
        "onetrust",
        "cookiebot",
        "usercentrics",
        "nav",
        "navbar",
        "navigation",
        "menu",
        "sidebar",
        "share",
        "sharing",
        "socialmedia",
        "newsletter",
        "subscribe",
        "related",
        "recommended",
        "popup",
        "modal",
        "pagination",
        "pager",
        "advert",
        "advertisement",
        "ads",
        "skiplink",
        "offcanvas",
        "footer",
        "sitefooter",
        "masthead",
    ]
)
_WORD = re.compile(r"[a-z]+")
_LINKS = 4  # from so many on, a block that is all links is a menu
_LINK_SHARE = 0.8
_ENOUGH = 0.25  # of the visible letters of a page that its main element must hold
_LITTLE = 250  # letters that need no such share
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def convert_html(data: bytes, encoding: str = "") -> Converted:
    """The main text of a page. `encoding` is what the server said, "" for nothing.

    Raises:
        Refused: no text in a known encoding, or elements nested deeper than `HTML_DEPTH`.
    """
    from lxml import etree, html

    declared = _CHARSET.search(data[:4096])
    text = decoded(data, encoding or (declared.group(1).decode("ascii") if declared else ""))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if re.search(r"<!ENTITY", text[:65_536], re.IGNORECASE):
        raise Refused(0, "declares entities of its own; save the page anew without them")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    # As bytes: lxml takes no text with a declaration of its encoding.
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        return Converted()
    _check_depth(root)
    title = _title(root)
    body = root.find(".//body")
    body = root if body is None else body
    hidden = take_hidden(root)
    for element in list(body.iter(*_DROPPED)):
        remove_element(element)
    whole = _letters(body)
    main = _main(body)
    _drop_around(main)
    if _letters(main) < min(_LITTLE, _ENOUGH * whole) and main is not body:
        main = body
        _drop_around(main)
    heading = _heading_outside(body, main)
    blocks = [*([f"# {heading}"] if heading else []), *blocks_of(main)]
    return Converted((Part("", "\n\n".join(blocks)),), title, tuple(hidden))


def _check_depth(root: Any) -> None:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > HTML_DEPTH:
            raise Refused(0, f"nested deeper than {HTML_DEPTH} elements; save the page anew")


def _title(root: Any) -> str:
    for path in (".//meta[@property='og:title']", ".//meta[@name='title']"):
        for meta in root.iterfind(path):
            if text := " ".join(str(meta.get("content") or "").split()):
                return text
    element = root.find(".//title")
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _main(body: Any) -> Any:
    """The element that holds the story: `main`, else the one article, else the body. A main
    element with little in it is none."""
    whole = _letters(body)
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.findall(path)
        if path == ".//article" and len(found) > 1:
            longest = max(found, key=_letters)
            found = [longest] if _letters(longest) >= 0.6 * whole else []
        for element in found[:1]:
            if _letters(element) >= min(_LITTLE, _ENOUGH * whole):
                return element
    return body


def _drop_around(main: Any) -> None:
    """Take the boilerplate out, unless that would leave next to nothing."""
    around = list(_around(main))
    inside = {id(element) for element in around}
    # Of nested ones the outermost counts once.
    outer = [e for e in around if not any(id(a) in inside for a in e.iterancestors())]
    whole = _letters(main)
    for element in outer:
        if _letters(element) > 0.5 * whole:
            continue  # a theme that calls its text "sidebar-layout" or "modal-page"
        remove_element(element)


def _around(main: Any) -> Iterator[Any]:
    for element in main.iter():
        if element is main or not isinstance(element.tag, str):
            continue
        words = set(
            _WORD.findall(f"{element.get('class') or ''} {element.get('id') or ''}".lower())
        )
        tag = element.tag
        if (
            (element.get("role") or "").lower() in _ROLES
            or element.get("aria-modal") == "true"
            or (words & _AROUND and tag not in ("body", "html", "main", "article"))
            or (tag == "footer" and not _inside_quote(element))
            or (tag == "header" and _is_banner(element))
            or (tag in ("ul", "ol", "div", "section", "aside", "p") and _is_menu(element))
        ):
            yield element


def _inside_quote(element: Any) -> bool:
    return any(ancestor.tag in ("blockquote", "figure") for ancestor in element.iterancestors())


def _is_banner(element: Any) -> bool:
    """The head of the whole page, not that of its story."""
    parent = element.getparent()
    return parent is not None and parent.tag == "body" and element.find(".//h1") is None


def _is_menu(element: Any) -> bool:
    links = element.findall(".//a")
    if len(links) < _LINKS:
        return False
    linked = sum(_letters(link) for link in links)
    return linked > _LINK_SHARE * _letters(element)


def _heading_outside(body: Any, main: Any) -> str:
    """The page's only h1 where it stands in a banner beside its main text."""
    from knowledge_base.readers.converted import escaped

    if main.find(".//h1") is not None:
        return ""
    found = body.findall(".//h1")
    return " ".join(escaped("".join(found[0].itertext())).split()) if len(found) == 1 else ""


def _letters(element: Any) -> int:
    return sum(len("".join(text.split())) for text in element.itertext())
