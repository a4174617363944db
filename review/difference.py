"""What changed between two versions of a mail, for a reviewer who knows the first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from contracts.mail import BriefCitation, CaseCitation, Claim, Edition, Module, Variant
from review.errors import NotComparable

__all__ = ["Change", "Run", "RunKind", "difference", "word_runs"]


class RunKind(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive text of one kind. All but the added make the old text, all but the
    removed the new one."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs; `before` or `after` is "" where it is new or gone."""

    place: str  # "subject", "proof", "proof 2", "proof sources", "from_name" …
    before: str
    after: str
    words: tuple[Run, ...]


# Words with their marks, single characters of scripts that write no spaces (Han, kana, Thai,
# Lao, Khmer, Burmese), runs of white space, tags, and any other character by itself.
_NO_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_TOKEN = re.compile(rf"<[^<>]*>|[{_NO_SPACES}]|[^\W{_NO_SPACES}]+|\s+|.", re.DOTALL)
_COMPARABLE = 4_000_000  # product of token counts: about a second


def difference(before: Variant | Edition, after: Variant | Edition) -> tuple[Change, ...]:
    """The places that differ, in the order in which a reader meets them; empty for none.

    A variant is compared module by module (with a button's label and address, and what the
    claims cite), an edition field by field. Ids that only name other content are left out.

    Raises:
        NotComparable: one is a variant and the other an edition.
    """
    if isinstance(before, Variant) and isinstance(after, Variant):
        old, new = _modules(before), _modules(after)
    elif isinstance(before, Edition) and isinstance(after, Edition):
        old, new = _fields(before), _fields(after)
    else:
        raise NotComparable
    places = [*new, *(place for place in old if place not in new)]
    changes = ((place, old.get(place, ""), new.get(place, "")) for place in places)
    return tuple(
        Change(place, was, becomes, word_runs(was, becomes))
        for place, was, becomes in changes
        if was != becomes
    )


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """One text with what was removed and added, word by word (Chinese: sign by sign)."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    runs = [
        (RunKind.KEPT, old[:start]),
        *_middle(old[start : len(old) - end], new[start : len(new) - end]),
        (RunKind.KEPT, old[len(old) - end :]),
    ]
    return tuple(_joined((kind, "".join(tokens)) for kind, tokens in runs))


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[RunKind, Sequence[str]]]:
    if len(old) * len(new) > _COMPARABLE:
        yield RunKind.REMOVED, old
        yield RunKind.ADDED, new
        return
    # Without autojunk: it takes frequent words for noise, and texts here are short.
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield RunKind.KEPT, old[i:j]
        else:
            yield RunKind.REMOVED, old[i:j]
            yield RunKind.ADDED, new[k:m]


def _joined(runs: Iterator[tuple[RunKind, str]]) -> list[Run]:
    joined: list[Run] = []
    for kind, text in runs:
        if not text:
            continue
        if joined and joined[-1].kind is kind:
            joined[-1] = Run(kind, joined[-1].text + text)
        else:
            joined.append(Run(kind, text))
    return joined


def _modules(variant: Variant) -> dict[str, str]:
    places: dict[str, str] = {"language": variant.language}
    count: dict[str, int] = {}
    for module in variant.modules:
        kind = module.kind.value
        count[kind] = count.get(kind, 0) + 1
        place = kind if count[kind] == 1 else f"{kind} {count[kind]}"
        places[place] = _shown(module)
        if module.claims:
            # The same words resting on another source are not the same statement.
            places[f"{place} sources"] = "\n".join(_source(claim) for claim in module.claims)
    return places


def _source(claim: Claim) -> str:
    match claim.citation:
        case CaseCitation() as case:
            return f"{case.case_id}: {case.quote}"
        case BriefCitation() as brief:
            return f"{brief.field}: {brief.quote}"


def _shown(module: Module) -> str:
    return "\n".join(part for part in (module.text, module.label, module.url) if part)


def _fields(edition: Edition) -> dict[str, str]:
    fixed = {
        "profile": edition.profile,
        "language": edition.language,
        "from_name": edition.from_name,
        "from_address": edition.from_address,
        "reply_to": edition.reply_to,
        "subject": edition.subject,
        "text": edition.text,
        "html": edition.html,
        "refusal_mailbox": edition.refusal_mailbox,
        "unsubscribe_base": edition.unsubscribe_base,
        "fields": ", ".join(edition.fields),
    }
    many = {
        **{f"choice {name}": _lines(texts) for name, texts in edition.choices.items()},
        **{f"header {name}": value for name, value in edition.headers.items()},
        **{f"rules {name}": version for name, version in edition.rule_packs.items()},
        **{
            f"image {number}": f"{image.cid} {image.media_type} {_digest(image.data)}"
            for number, image in enumerate(edition.images, start=1)
        },
        **{
            f"attachment {file.name}": f"{file.media_type} {_digest(file.data)}"
            for file in edition.attachments
        },
        **{f"fallback {name}": text for name, text in edition.fallbacks.items()},
    }
    return fixed | many


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _lines(texts: Mapping[str, str]) -> str:
    return "\n".join(f"{key}: {text}" for key, text in sorted(texts.items()))
