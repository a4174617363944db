"""Merge fields as the common mail tools write them, and whether something stands in for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.case import Span

__all__ = ["TemplateField", "template_fields"]

# One pattern for each way of writing; every one of them is bounded, whatever the text holds.
_WAYS = (
    re.compile(r"\{\{\{?([^{}\n]{1,160})\}\}\}?"),  # Liquid, Handlebars, Jinja, HubSpot, Marketo
    re.compile(r"\{%([^{}\n]{1,160})%\}"),
    re.compile(r"\*\|([^|*\n]{1,120})\|\*"),  # Mailchimp
    re.compile(r"%%([^%\n]{1,120})%%"),  # Salesforce Marketing Cloud
    re.compile(r"\$\{([^{}\n]{1,120})\}"),  # Braze, FreeMarker
    re.compile(r"\[\[([^\[\]\n]{1,80})\]\]"),
    re.compile(r"\{!([^{}\n]{1,120})\}"),  # Salesforce
    re.compile(r"<%=?([^<>%\n]{1,120})%>"),  # ERB, ASP
    re.compile(r"\{\$([^{}\n]{1,120})\}"),  # Smarty
    re.compile(r"(?<![\w%])%([A-Z][A-Z0-9_-]{2,40})%(?![\w%])"),  # ActiveCampaign
    re.compile(r"(?<![{$!\w])\{([A-Za-z][A-Za-z_.-]{1,40})\}(?!\})"),
)
_FALLBACK = re.compile(
    r"\|\s*(?:(?:default|fallback|d|or)\b|[\"'])|\bdefault\s*[:=(]|\bdefault\s+\S|\?\?|\|\||\?:|:-|\bor\b"
    r"|\bcoalesce\b|\bifempty\b|\bempty\s*\(|\bisnull\b|\bblankvalue\b|\bnullvalue\b|\biif\s*\("
    r"|!\s*[\"']|^[A-Z0-9_]+:[^:=]",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\s*(?:[#^/]|(?:el)?if\b|ifnot\b|if:|ifnot:|unless\b|else\b|end|for\b|set\b|assign\b|!|>)",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    r"\s*[#^]?\s*(?:if|ifnot|unless|elif|elsif)?[\s:(]+@?([\w.$-]{1,60})"
    r"|\s*[#^]\s*([\w.$-]{1,60})",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w.$@ -]{1,60}")
_LITERAL = re.compile(r"\"[^\"]{0,80}\"|'[^']{0,80}'|“[^”]{0,80}”|‘[^’]{0,80}’")


@dataclass(frozen=True, slots=True)
class TemplateField:
    raw: str  # as it stands in the text
    name: str  # what it is called there, in lower case
    has_fallback: bool  # a value for those who have none, or a condition around it
    span: Span


def template_fields(text: str) -> Iterator[TemplateField]:
    """The fields of a text in the order of the ways of writing them. What only steers (if, else,
    loops) is no field; a field that such a condition asks for counts as provided for."""
    taken = bytearray(len(text))
    found: list[TemplateField] = []
    guarded: set[str] = set()
    for way in _WAYS:
        for match in way.finditer(text):
            span = Span(*match.span())
            if taken[span.start]:
                continue  # "{name}" inside of "{{name}}"
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            inner = match[1].strip()
            if _CONTROL.match(inner):
                if condition := _GUARDED.match(inner):
                    guarded.add(_last_part((condition[1] or condition[2]).lower()))
                continue
            bare = _LITERAL.sub(" ", inner)
            name = _NAME.search(re.sub(r"\b(?:default|fallback|or)\b", " ", bare, flags=re.I))
            if name and name[0].strip():
                has_fallback = bool(_FALLBACK.search(inner))
                found.append(TemplateField(match[0], name[0].strip().lower(), has_fallback, span))
    for field in found:
        provided = field.has_fallback or _last_part(field.name) in guarded
        yield TemplateField(field.raw, field.name, provided, field.span)


def _last_part(name: str) -> str:
    """ "first_name" of "contact.first_name"."""
    return name.split()[0].rpartition(".")[2] if name.split() else name
