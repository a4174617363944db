"""Every rule of screening as rows and as a page: what it asks, its source, verified or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from contracts.errors import BadInput
from evaluation import RulePacks, load_packs
from evaluation.law.packfile import Check, LawPack
from language import country_code, country_name

# What only a mail can fill in: "({said})".
_FOUND = re.compile(r"\s?\([^()]*\{\w+\}[^()]*\)")

_PLACE = re.compile(r"\{\w+\}")

__all__ = ["RuleRow", "rule_document", "rule_rows"]


@dataclass(frozen=True, slots=True)
class RuleRow:
    place: str  # code of the law pack; "" everywhere
    rule: str
    severity: str
    message: str
    source: str
    verified: bool

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def rule_rows(country: str = "") -> tuple[RuleRow, ...]:
    """The rules of one place with those it takes over, or every rule there is, once.

    Raises:
        BadInput: the country is not known.
    """
    packs = load_packs()
    if country:
        head, dash, part = country.strip().upper().partition("-")
        code = country_code(head) or (head if head in packs.law else "")
        if not code:
            raise BadInput(f"«{country}» is no country; give a code such as DE or CA-QC")
        pack = packs.pack_for(f"{code}{dash}{part}")
        return tuple(_row(packs, pack.code, check) for check in packs.checks_for(pack.code))
    return (
        *(_row(packs, pack.code, check) for pack in packs.law.values() for check in pack.checks),
        *(_row(packs, "", check) for check in packs.everywhere.checks),
        *_others(packs),
    )


def _row(packs: RulePacks, place: str, check: Check) -> RuleRow:
    texts = check.message or packs.kinds[check.kind].message
    signs = [getattr(check, "sign", ""), *getattr(check, "signs", ())]
    named = ", ".join(_name(packs, sign) for sign in signs if sign)
    known = {"sign": named, "missing": named, "label": _label(check)}
    known["wanted"] = ", ".join(_languages(check))
    known["ways"] = " or ".join(getattr(check, "any_of", ()))
    message = texts[""]
    for name, value in known.items():
        message = message.replace(f"{{{name}}}", value) if value else message
    message = _FOUND.sub("", message)
    return RuleRow(place, check.id, check.severity.value, message, check.source, check.verified)


def _name(packs: RulePacks, sign: str) -> str:
    return packs.sign_names.get(sign, {}).get("") or sign.replace("_", " ")


def _languages(check: Check) -> list[str]:
    wanted = getattr(check, "in_languages", ())
    return [item if isinstance(item, str) else "/".join(item) for item in wanted]


def _label(check: Check) -> str:
    labels = getattr(check, "labels", ())
    return labels[0].strip() if labels else ""


def _others(packs: RulePacks) -> Iterator[RuleRow]:
    for pack in packs.spam.values():
        for signal in pack.signals:
            if signal.quiet:  # counts in the score and is never told
                continue
            severity = signal.severity.value
            source = f"{signal.source} ({signal.grade} evidence)"
            message = signal.message[""]
            yield RuleRow("", signal.id, severity, message, source, signal.verified)
    for topic in packs.topics.values():
        for rule in topic.rules:
            severity, message = rule.severity.value, _PLACE.sub("…", rule.message[""])
            yield RuleRow("", rule.id, severity, message, rule.source, rule.verified)


def rule_document() -> str:
    """The page, in Markdown; the same for the same packs."""
    packs = load_packs()
    lines = [
        "# Rules of screening",
        "",
        "Made from the rule packs by `mailwright rules document`; do not edit. Engineering, not",
        "legal advice. A rule is *verified* where the text of its source was read; the others rest",
        "on knowledge of the statute that is named. `block` keeps a mail from being approved,",
        "`warn` asks a person to look, `note` informs.",
        "",
    ]
    for pack in packs.law.values():
        lines += _place(packs, pack)
    lines += ["## Everywhere", ""]
    lines += _table([_row(packs, "", check) for check in packs.everywhere.checks])
    lines += ["## Content, form and sending", ""]
    lines += _table(list(_others(packs)))
    return "\n".join(lines).rstrip() + "\n"


def _place(packs: RulePacks, pack: LawPack) -> Iterator[str]:
    name = country_name(pack.code, "en") or pack.code
    title = pack.code if name == pack.code else f"{pack.code}: {name}"
    yield from (f"## {title}", "", f"Version {pack.version}. Source: {pack.source}.", "")
    rule = pack.consent
    kinds = " or ".join(kind.value.replace("_", " ") for kind in rule.sufficient)
    known = "verified" if rule.verified else "from knowledge"
    yield from (
        f"Consent: {rule.model.replace('_', ' ')}; on record: {kinds} ({rule.source}; {known}).",
        "",
    )
    taken = [name for name in (pack.part_of, *pack.include) if name]
    if taken:
        left = f", without {', '.join(pack.not_included)}" if pack.not_included else ""
        yield from (f"Takes over the rules of {', '.join(taken)}{left}.", "")
    yield from _table([_row(packs, pack.code, check) for check in pack.checks])


def _table(rows: Sequence[RuleRow]) -> Iterator[str]:
    if not rows:
        return
    yield "| rule | severity | what it says | source | verified |"
    yield "|---|---|---|---|---|"
    for row in rows:
        cells = (f"`{row.rule}`", row.severity, row.message, row.source)
        said = " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
        yield f"| {said} | {'yes' if row.verified else 'no'} |"
    yield ""
