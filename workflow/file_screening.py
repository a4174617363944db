"""Screening of mails from anyone: .eml, .html or .txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.seams import Clock
from contracts.verdict import Screening, Suppression
from evaluation import MailView, RulePacks, ScreeningContext, load_packs, screen
from evaluation.attachments.clamav import clamd_at
from evaluation.support import read_client_data
from language import country_code
from workflow.house_rules import HouseRules, read_house_rules

if TYPE_CHECKING:
    from evaluation.claims.anymail import MailClaim
    from evaluation.claims.search import CaseSearch

__all__ = ["ScreenedFile", "screen_files"]


@dataclass(frozen=True, slots=True)
class ScreenedFile:
    """`claims` is None where nobody asked for them."""

    path: Path
    screening: Screening
    claims: tuple[MailClaim, ...] | None = None


def screen_files(
    paths: Sequence[Path],
    countries: Sequence[str],
    clock: Clock,
    *,
    say: str = "",
    rules: Path | None = None,
    clients: Path | None = None,
    suppressions: tuple[Suppression, ...] = (),
    claims: CaseSearch | None = None,
    clamav: str = "",
) -> list[ScreenedFile]:
    """Screen each file for the law of the given countries.

    Args:
        countries: names, ISO 3166 codes, or a part such as "CA-QC"; one without a pack of its
            own is judged by the strictest. Empty: the rules that hold everywhere.
        say: language in which findings are worded; "" English.
        rules: a file with severities of the organisation's own.
        clients: folder with caniemail's data, to say what mail programs do not support.
        suppressions: rules that somebody set aside.
        clamav: where clamd answers; "" asks no virus scanner.
        claims: cases to hold the claims of the mails against; None leaves claims out.

    Raises:
        BadInput: a file is missing or of another kind, or `rules` or `clients` cannot be used.
    """
    packs = load_packs()
    own = read_house_rules(rules, packs) if rules else HouseRules()
    context = ScreeningContext(
        jurisdictions=tuple(dict.fromkeys(_place(name) for name in countries)),
        now=clock(),
        say=say,
        severities=own.severities,
        registers=own.registers,
        suppressions=suppressions,
        client_data=read_client_data(clients) if clients else None,
        scanner=clamd_at(clamav) if clamav else None,
    )
    return [_screened(path, context, packs, claims) for path in paths]


def _place(country: str) -> str:
    """The code of a country or of a part of one, as the user wrote it where it is neither."""
    head, dash, part = country.strip().upper().partition("-")
    if dash and country_code(head):
        return f"{country_code(head)}-{part}"
    return country_code(country) or country


def _screened(
    path: Path, context: ScreeningContext, packs: RulePacks, search: CaseSearch | None
) -> ScreenedFile:
    view = MailView.from_file(path)
    screening = screen(view, context, packs, str(path))
    if search is None:
        return ScreenedFile(path, screening)
    from evaluation.claims.anymail import claim_findings, claims_of
    from evaluation.fidelity import mail_language

    found = claims_of(view, mail_language(view.body), search, packs, context.say)
    told = tuple(claim_findings(found, packs, context.say))
    unseen = tuple(text for text in screening.not_judged if not text.startswith("claims:"))
    judged = replace(screening, findings=(*screening.findings, *told), not_judged=unseen)
    return ScreenedFile(path, judged, found)
