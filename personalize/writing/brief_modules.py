"""Modules that say what the brief says, in its words."""

from __future__ import annotations

from contracts.brief import Brief, local_text
from contracts.case import Span
from contracts.mail import BriefCitation, Claim, ClaimKind, Module, ModuleKind, ModuleLink
from personalize.writing.brief_texts import local

__all__ = ["items_of", "of_brief"]

Fields = tuple[tuple[str, str], ...]  # field of the brief, what it says


def of_brief(kind: ModuleKind, text: str, field: str) -> Module:
    """A module that the brief gives as it is."""
    claim = Claim(Span(0, len(text)), ClaimKind.BRIEF, BriefCitation(field, text))
    return Module(kind, text, (claim,), f"brief/{field}")


def items_of(brief: Brief, language: str) -> Module | None:
    """Articles or steps, a paragraph each, as the brief has them; None where it has none."""
    paragraphs: list[tuple[str, Fields, str]] = []
    for number, item in enumerate(brief.items):
        title, text = local(item.title, language), local(item.text, language)
        fields: Fields = ((f"items.{number}.title", title), (f"items.{number}.text", text))
        paragraphs.append((f"{title}\n{text}", fields, local(item.url, language)))
    for step in local_text(brief.steps, language) or ():
        paragraphs.append((step, (("steps", step),), ""))
    if not paragraphs:
        return None
    text, claims, links = "", [], []
    for number, (paragraph, fields, url) in enumerate(paragraphs):
        at = len(text) + (2 if text else 0)
        text += ("\n\n" if text else "") + paragraph
        for field, said in fields:
            citation = BriefCitation(f"{field}.{language}", said)
            claims.append(Claim(Span(at, at + len(said)), ClaimKind.BRIEF, citation))
            at += len(said) + 1
        if url:
            links.append(ModuleLink(number, paragraph.split("\n")[0], url))
    return Module(ModuleKind.ITEMS, text, tuple(claims), "brief/items", links=tuple(links))
