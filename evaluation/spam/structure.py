"""Signs of spam in what a mail is made of: its parts, images, page and active content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from contracts.verdict import Place
from evaluation.rulefiles import Signal
from evaluation.spam.reading import Hit, Reading

__all__ = ["STRUCTURE_TESTS", "words_of"]

_LINK = re.compile(r"https?://\S+")
_COMPARED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ODD = re.compile("[\x80-\xff\ufffd]")
_MOST_PARTS = 200  # of the tree that are looked at
_FEWEST = 8  # different words that two parts must have to be compared
_TAG = re.compile(r"<[a-z!/][^<>]{0,2000}>", re.IGNORECASE)


def words_of(text: str) -> set[str]:
    """Words in lower case; of Chinese each character, which has no gaps between words."""
    return set(_COMPARED.findall(_LINK.sub(" ", text.lower())))


def _no_text_part(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    view = reading.view
    known = view.has_headers or reading.look.context.in_campaign
    if known and view.html and not view.text.strip():
        return Hit(Place("text"))
    return None


def _parts_differ(reading: Reading, signal: Signal) -> Hit | None:
    """The words of the shorter part that the longer one lacks. `threshold` is the share that
    must be in both."""
    texts = dict(reading.bodies)
    if len(texts) < 2:
        return None
    page, plain = words_of(texts["html"]), words_of(texts["text"])
    if min(len(page), len(plain)) < _FEWEST:
        return None
    shared = len(page & plain) / min(len(page), len(plain))
    return Hit(Place("text"), f"({shared:.0%} in common)") if shared < signal.threshold else None


def _short_text_part(reading: Reading, signal: Signal) -> Hit | None:
    """A text part that hardly says anything of what the page says."""
    texts = dict(reading.bodies)
    if len(texts) < 2 or len(texts["html"]) < 400:
        return None
    share = len(texts["text"]) / len(texts["html"])
    return Hit(Place("text"), f"({share:.0%} of the page)") if share < signal.threshold else None


def _image_only(reading: Reading, signal: Signal) -> Hit | None:
    """Images with hardly any words. `threshold` in letters; a Chinese character says twice as
    much, and counting pixels show nothing."""
    shown = sum(not image.pixel for image in reading.view.images)
    if not shown:
        return None
    seen = reading.letters if reading.part == "html" else 0
    letters = seen * (2 if _HAN.search(reading.body) else 1)
    if letters < signal.threshold:
        return Hit(Place("html"), f"({shown} images, {letters} letters)")
    return None


def _image_linked(reading: Reading, signal: Signal) -> Hit | None:
    """A short page whose link is an image: what is said stands in the image."""
    if not reading.view.images or reading.letters >= signal.threshold:
        return None
    links = [target.link for target in reading.targets if target.link.part == "html"]
    linked = sum(link.span.start == link.span.end for link in links)  # no text within
    return Hit(Place("html"), f"({linked})") if linked else None


def _title_differs(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    title, subject = words_of(reading.view.page.title[:1000]), words_of(reading.view.subject[:1000])
    if len(title) >= 2 and len(subject) >= 2 and not title & subject:
        return Hit(Place("html"))
    return None


def _remote_fonts(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    return Hit(Place("html")) if reading.view.page.remote_fonts else None


def _active_content(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    tags = sorted(set(reading.view.page.active) - {"form"})
    return Hit(Place("html"), f"({', '.join(tags)})") if tags else None


def _asks_in_form(reading: Reading, signal: Signal) -> Hit | None:
    """A form in the mail itself, by which it asks for what it should ask on its own page."""
    del signal
    return Hit(Place("html"), "(form)") if "form" in reading.view.page.active else None


def _bare_page(reading: Reading, signal: Signal) -> Hit | None:
    """A part that calls itself HTML and has no page around its text."""
    del signal
    html = reading.view.html
    if reading.travelled and html and not re.search("<(?:html|body)", html[:5000], re.IGNORECASE):
        return Hit(Place("html"))
    return None


def _after_end(reading: Reading, signal: Signal) -> Hit | None:
    """Text after the page has ended, which filters read and readers skip."""
    html = reading.view.html
    place = html.lower().rfind("</html")
    if place < 0:
        return None
    rest = _TAG.sub("", html[place : place + 20_000])
    letters = sum(char.isalnum() for char in rest)
    return Hit(Place("html"), f"({letters} characters)") if letters > signal.threshold else None


def _hollow_alternative(reading: Reading, signal: Signal) -> Hit | None:
    """A choice between forms of the text in which plain text is no choice."""
    del signal
    tree = reading.view.structure[:_MOST_PARTS]
    for number, part in enumerate(tree):
        if part.media_type != "multipart/alternative":
            continue
        kinds = set()
        for below in tree[number + 1 :]:
            if below.depth <= part.depth:
                break
            kinds.add(below.media_type)
        if kinds and "text/plain" not in kinds:
            return Hit(Place("message"))
    return None


def _base64_text(reading: Reading, signal: Signal) -> Hit | None:
    """Plain English in a code that is meant for other alphabets and for files."""
    del signal
    text = reading.view.text or reading.view.html
    for part in reading.view.structure[:_MOST_PARTS]:
        coded = part.encoding == "base64" and part.media_type in ("text/plain", "text/html")
        if coded and part.disposition != "attachment" and text[:5000].isascii():
            return Hit(Place("message"), f"({part.media_type})")
    return None


def _broken_mime(reading: Reading, signal: Signal) -> Hit | None:
    """Parts that do not end as they began, or text that is not in the charset it names."""
    del signal
    defects = reading.view.defects
    return Hit(Place("message"), f"({defects[0]})") if defects else None


def _unread_charset(reading: Reading, signal: Signal) -> Hit | None:
    """Bytes of an alphabet that the mail does not name: they show as accents and signs."""
    text = reading.body[:2000]
    if text.isascii():
        return None
    letters = sum(map(str.isalpha, text))
    share = len(_ODD.findall(text)) / max(1, letters)
    return Hit(Place(reading.part)) if share > signal.threshold else None


STRUCTURE_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "active_content": _active_content,
    "after_end": _after_end,
    "asks_in_form": _asks_in_form,
    "bare_page": _bare_page,
    "base64_text": _base64_text,
    "broken_mime": _broken_mime,
    "hollow_alternative": _hollow_alternative,
    "image_linked": _image_linked,
    "image_only": _image_only,
    "no_text_part": _no_text_part,
    "parts_differ": _parts_differ,
    "remote_fonts": _remote_fonts,
    "short_text_part": _short_text_part,
    "title_differs": _title_differs,
    "unread_charset": _unread_charset,
}
