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
from evaluation.fidelity import mail_language
from evaluation.look import Look
from evaluation.screen import with_findings
from evaluation.spam.daemons import SpamFilter, ask_filters, filter_at
from evaluation.support import read_client_data
from workflow.house_rules import HouseRules, read_house_rules
from workflow.screening_choices import place_code

if TYPE_CHECKING:
    from evaluation.claims.anymail import MailClaim
    from evaluation.claims.search import CaseSearch
    from evaluation.fitness.fetching import Fetch

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
    spam_filters: Sequence[str] = (),
    fetch: Fetch | None = None,
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
        spam_filters: where other filters answer, each of which is asked about every message.
        fetch: opens the pages that the mails link to; None opens none.
        claims: cases to hold the claims of the mails against; None leaves claims out.

    Raises:
        BadInput: a file is missing or of another kind, `rules` or `clients` cannot be used, or
            an address is none of a scanner or a filter.
    """
    packs = load_packs()
    own = read_house_rules(rules, packs) if rules else HouseRules()
    context = ScreeningContext(
        jurisdictions=tuple(dict.fromkeys(place_code(name) for name in countries)),
        now=clock(),
        say=say,
        severities=own.severities,
        registers=own.registers,
        suppressions=suppressions,
        client_data=read_client_data(clients) if clients else None,
        scanner=clamd_at(clamav) if clamav else None,
    )
    filters = [filter_at(address) for address in spam_filters]
    found = []
    for path in paths:
        screened = _screened(path, context, packs, claims, fetch)
        found.append(_filtered(screened, context, packs, filters) if filters else screened)
    return found


def _screened(
    path: Path,
    context: ScreeningContext,
    packs: RulePacks,
    search: CaseSearch | None,
    fetch: Fetch | None,
) -> ScreenedFile:
    view = MailView.from_file(path)
    screening = screen(view, context, packs, str(path))
    if fetch is not None:
        from evaluation.fitness.reach import check_reachable

        look = Look(view, context, packs, mail_language(view.body, context.language))
        screening = with_findings(screening, check_reachable(look, fetch), context)
    if search is None:
        return ScreenedFile(path, screening)
    from evaluation.claims.anymail import claim_findings, claims_of

    found = claims_of(view, mail_language(view.body), search, packs, context.say)
    told = tuple(claim_findings(found, packs, context.say))
    unseen = tuple(text for text in screening.not_judged if not text.startswith("claims:"))
    judged = replace(with_findings(screening, told, context), not_judged=unseen)
    return ScreenedFile(path, judged, found)


def _filtered(
    item: ScreenedFile,
    context: ScreeningContext,
    packs: RulePacks,
    filters: Sequence[SpamFilter],
) -> ScreenedFile:
    """With what other filters say of the message. A page or a text alone is no message."""
    screening = item.screening
    if item.path.suffix.lower() == ".eml":
        topic = packs.topics["spam"]
        report = ask_filters(item.path.read_bytes(), filters, topic, context.say)
        screening = with_findings(screening, report.findings, context)
        silent = report.not_judged
    else:
        silent = tuple(
            f"{one.name.lower()}: {one.name} is asked about whole messages (.eml) only"
            for one in filters
        )
    screening = replace(screening, not_judged=(*screening.not_judged, *silent))
    return replace(item, screening=screening)
