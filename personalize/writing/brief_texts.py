"""What a brief says in a language, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.brief import Brief, Layout, local_text
from contracts.mail import ModuleKind
from personalize.writing.presets import preset

__all__ = ["layout_of", "local", "missing_text"]

_OF_MODULE: Mapping[str, tuple[str, ...]] = {
    ModuleKind.OFFER: ("product", "offer"),
    ModuleKind.EVENT: ("event",),
}


def local(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, in the language it is a region of, or the one said to be the same
    in every language; else ""."""
    return local_text(texts, language) or ""


def layout_of(brief: Brief) -> Layout:
    """The brief's own order of modules, or its kind of mail's."""
    return brief.layout or preset(brief.mail).layout


def missing_text(brief: Brief, language: str) -> tuple[str, ...]:
    """The brief's fields that a mail in `language` needs and that have no text in it, such as
    "offer.de", "event.title.ja" or "deadline"."""
    return tuple(dict.fromkeys(_missing(brief, language)))


def _missing(brief: Brief, language: str) -> Iterator[str]:
    needs = list(preset(brief.mail).needs)
    for entry in layout_of(brief):
        if not entry.optional:
            needs += _OF_MODULE.get(entry.module, ())
    for need in needs:
        yield from _of_need(brief, need, language)
    ask = brief.call_to_action
    yield from _lacking("call_to_action.url", ask.url, language)
    yield from _lacking("call_to_action.label", ask.label, language)
    if ask.ask:
        yield from _lacking("call_to_action.ask", ask.ask, language)
    for name in ("offer", "ps", "news"):
        texts: Mapping[str, str] = getattr(brief, name)
        if texts:  # said in some language: then it belongs into the mail
            yield from _lacking(name, texts, language)
    if brief.steps:
        yield from _lacking("steps", brief.steps, language)
    for number, item in enumerate(brief.items):
        yield from _lacking(f"items.{number}.title", item.title, language)
        yield from _lacking(f"items.{number}.text", item.text, language)
        if item.url:
            yield from _lacking(f"items.{number}.url", item.url, language)


def _of_need(brief: Brief, need: str, language: str) -> Iterator[str]:
    if need == "product":
        yield from _lacking("product.description", brief.product.description, language)
    elif need == "event":
        if brief.event is None:
            yield "event"
            return
        yield from _lacking("event.title", brief.event.title, language)
        for name in ("place", "agenda", "url"):
            texts = getattr(brief.event, name)
            if texts:
                yield from _lacking(f"event.{name}", texts, language)
    elif need in ("deadline", "minutes"):
        if getattr(brief, need) is None:
            yield need
    elif need == "items":
        if not brief.items:
            yield "items"
    else:
        yield from _lacking(need, getattr(brief, need), language)


def _lacking(name: str, texts: Mapping[str, object], language: str) -> Iterator[str]:
    if not local_text(texts, language):
        yield f"{name}.{language}"
