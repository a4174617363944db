"""Merge fields of a template that is looked at by itself: which of them nothing stands in for.

That a field is left open at all in a finished mail is for fidelity to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contracts.verdict import Finding, Place
from evaluation.fitness.fields import TemplateField, template_fields
from evaluation.fitness.telling import examples, shortened
from evaluation.look import Look
from evaluation.rulefiles import TopicPack

__all__ = ["judge_personalisation"]

_MOST_TEXT = 200_000  # characters of a part that are looked at


def judge_personalisation(look: Look) -> Iterator[Finding]:
    """Personal fields of a lone template, those without a fallback and those with one. A message
    with headers, or a mail of a campaign, is no template any more."""
    if look.view.has_headers or look.context.in_campaign:
        return
    pack, say = look.packs.topics["personalisation"], look.context.say
    open_fields: dict[str, tuple[Place, TemplateField]] = {}
    provided: dict[str, tuple[Place, TemplateField]] = {}
    for place, field in _personal(look, pack):
        (provided if field.has_fallback else open_fields).setdefault(field.raw, (place, field))
    for rule, found in (("no_fallback", open_fields), ("fields", provided)):
        if found:
            first, field = next(iter(found.values()))
            yield pack.rule(f"personalisation.{rule}").finding(
                first,
                say=say,
                fields=examples([shortened(raw, 40) for raw in found], int(pack.limits["told"])),
                example=_example(field.raw),
            )


def _personal(look: Look, pack: TopicPack) -> Iterator[tuple[Place, TemplateField]]:
    hidden = "\n".join(item.text for item in look.view.hidden[:200])
    parts = [("subject", look.view.subject), *look.view.bodies, ("html", hidden)]
    for number, (part, text) in enumerate(parts):
        shown = number < len(parts) - 1
        for field in template_fields(text[:_MOST_TEXT]):
            if is_personal(field.name, pack.lists["personal"], pack.lists["not_personal"]):
                yield Place(part, field.span if shown else None), field


def is_personal(name: str, personal: Sequence[str], not_personal: Sequence[str]) -> bool:
    """Whether a field of that name holds something of the recipient."""
    if any(re.search(pattern, name, re.IGNORECASE) for pattern in not_personal):
        return False
    return any(re.search(pattern, name, re.IGNORECASE) for pattern in personal)


def _example(raw: str) -> str:
    """How the same tool writes a fallback, where that is known."""
    inner = raw.strip("{}[]*|%$<>=! ")
    if raw.startswith("{{"):
        return f'{{{{ {inner} | default: "…" }}}}'
    if raw.startswith("*|"):
        return f"*|IF:{inner}|* … *|ELSE:|* … *|END:IF|*"
    if raw.startswith("${"):
        return f'${{{inner}!"…"}}'
    return f"{raw} / …"
