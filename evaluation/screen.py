"""Screening: every check on one mail, and openly what a mail cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from contracts.mail import Edition
from contracts.verdict import Finding, Ruled, Ruling, Screening, Verdict, verdict_of
from evaluation.attachments.judging import attachment_report
from evaluation.claims.figures import check_unsourced_numbers
from evaluation.claims.grounding import check_grounding
from evaluation.context import ScreeningContext
from evaluation.cut_off import judge_cut_off
from evaluation.fidelity import judge_fidelity, mail_language
from evaluation.fitness.accessibility import judge_accessibility
from evaluation.fitness.clients import judge_support
from evaluation.fitness.confidentiality import judge_confidentiality
from evaluation.fitness.links import judge_links
from evaluation.fitness.personalisation import judge_personalisation
from evaluation.fitness.samples import judge_samples
from evaluation.law.checks import judge
from evaluation.look import Look
from evaluation.organisation import as_decided, rulings_as_decided
from evaluation.packs import STRICT, RulePacks
from evaluation.providers.mail import provider_report
from evaluation.spam.signals import judge_spam
from evaluation.view.mailview import MailView
from evaluation.voice import judge_mail_voice

__all__ = ["screen", "screen_edition", "with_findings"]

_GRAVITY = {
    Ruled.DOES_NOT_APPLY: 0,
    Ruled.NOT_JUDGED: 0,
    Ruled.MET: 1,
    Ruled.NOTE: 2,
    Ruled.WARN: 3,
    Ruled.BLOCK: 4,
}


def screen(
    view: MailView, context: ScreeningContext, packs: RulePacks, subject_id: str
) -> Screening:
    """All findings on one mail, the gravest first, in the same order every time.

    A country without a pack is judged by the strictest one. Without any jurisdiction a
    campaign's mail is judged by the strictest pack, a lone file by no law at all, which
    `not_judged` says.
    """
    language = mail_language(view.body, context.language)
    look = Look(view, context, packs, language)
    codes = _codes(context, packs)
    findings: list[Finding] = []
    rulings: list[Ruling] = []
    for code in codes:
        own = judge(packs.checks_for(code), look, code)
        findings.extend(own.findings)
        rulings.append(_consent(packs, code, context))
        rulings.extend(own.rulings)
    everywhere = judge(packs.everywhere.checks, look, "")
    findings.extend(everywhere.findings)
    rulings.extend(everywhere.rulings)
    spam = judge_spam(look)
    findings.extend(spam.findings)
    findings.extend(judge_cut_off(look))
    findings.extend(judge_fidelity(look))
    findings.extend(_grounding(view, context, packs, language))
    findings.extend(_fitness(look))
    reports = provider_report(look), attachment_report(look, context.scanner)
    for report in reports:
        findings.extend(report.findings)
    unseen = {code: text for report in reports for code, text in report.not_judged}
    findings = as_decided(findings, context, subject_id)
    return Screening(
        subject_id=subject_id,
        findings=tuple(_ordered(findings)),
        jurisdictions=_verdicts(codes, findings),
        not_judged=_not_judged(look, codes, unseen),
        spam_score=spam.score,
        packs=packs.versions,
        at=context.now,
        spam_reasons=spam.reasons,
        certificate=rulings_as_decided(rulings, context, subject_id),
    )


def with_findings(
    screening: Screening, found: Iterable[Finding], context: ScreeningContext
) -> Screening:
    """The screening with what was found besides it, under the same decisions of the
    organisation and in the same order."""
    findings = [*screening.findings, *as_decided(found, context, screening.subject_id)]
    return replace(
        screening,
        findings=tuple(_ordered(findings)),
        jurisdictions=_verdicts(tuple(screening.jurisdictions), findings),
    )


def _verdicts(codes: Sequence[str], findings: Sequence[Finding]) -> dict[str, Verdict]:
    return {
        code: verdict_of(item for item in findings if item.jurisdiction == code) for code in codes
    }


def _consent(packs: RulePacks, code: str, context: ScreeningContext) -> Ruling:
    """The first line of a certificate: consent is on record or not seen, never in the mail."""
    rule = packs.law[code].consent
    return Ruling(
        jurisdiction=code,
        rule=f"{code.lower().replace('-', '_')}.consent",
        verdict=Ruled.MET if context.consent_judged else Ruled.NOT_JUDGED,
        place=None,
        evidence="",
        why="each contact was judged by its record"
        if context.consent_judged
        else "the mail does not show whether its recipients agreed to it",
        source=rule.source,
        verified=rule.verified,
    )


def _fitness(look: Look) -> Iterator[Finding]:
    """Whether everybody can read it, its links lead somewhere, and it suits its readers."""
    yield from judge_accessibility(look)
    yield from judge_links(look)
    yield from judge_confidentiality(look)
    yield from judge_personalisation(look)
    yield from judge_mail_voice(look)
    if look.context.client_data is not None:
        yield from judge_support(look, look.context.client_data)


def screen_edition(edition: Edition, context: ScreeningContext, packs: RulePacks) -> Screening:
    """Screen an edition with every value that its closed sets may put in: a finding on any
    of them is a finding on the edition."""
    first = screen(MailView.from_edition(edition), context, packs, edition.id)
    added: list[Finding] = []
    for choice in range(1, max((len(values) for values in edition.choices.values()), default=1)):
        added.extend(_of_choice(edition, choice, context, packs))
    added.extend(judge_samples(edition, packs.topics["personalisation"], say=context.say))
    decided = as_decided(added, context, edition.id)
    findings = [*first.findings, *decided]
    return replace(
        first,
        findings=tuple(_ordered(findings)),
        jurisdictions=_verdicts(tuple(first.jurisdictions), findings),
        certificate=tuple(_worst(ruling, decided) for ruling in first.certificate),
    )


def _worst(ruling: Ruling, findings: Sequence[Finding]) -> Ruling:
    """The ruling, or what another value of a closed set makes of it where that is graver."""
    for finding in findings:
        same = (finding.rule, finding.jurisdiction) == (ruling.rule, ruling.jurisdiction)
        if same and _GRAVITY[Ruled(finding.severity.value)] > _GRAVITY[ruling.verdict]:
            verdict = Ruled(finding.severity.value)
            ruling = replace(ruling, verdict=verdict, why=finding.message, place=finding.place)
    return ruling


def _of_choice(
    edition: Edition, choice: int, context: ScreeningContext, packs: RulePacks
) -> Iterator[Finding]:
    """What can change with a closed set's value: the law's wording, language, leftovers and
    figures. The text part is enough to see it, unless a place stands in the HTML alone."""
    view = MailView.from_edition(edition, choice)
    if all(
        (f"[[{name}]]" in edition.html) <= (f"[[{name}]]" in edition.text)
        for name in edition.choices
    ):
        view = replace(view, html="")
    look = Look(view, context, packs, edition.language)
    for code in _codes(context, packs):
        yield from judge(packs.checks_for(code), look, code).findings
    yield from judge_fidelity(look, whole=False)
    if context.modules:
        yield from check_unsourced_numbers(view, context.modules, context.sender, edition.language)


def _codes(context: ScreeningContext, packs: RulePacks) -> tuple[str, ...]:
    wanted = [item.strip().upper() for item in context.jurisdictions]
    if not wanted and context.in_campaign:
        wanted = [""]
    return tuple(
        dict.fromkeys(item if item in packs.law else packs.pack_for(item).code for item in wanted)
    )


def _grounding(
    view: MailView, context: ScreeningContext, packs: RulePacks, language: str
) -> Sequence[Finding]:
    """Claims, where the records are at hand to hold them against."""
    if not context.modules:
        return ()
    findings: list[Finding] = []
    if context.evidence and context.brief and context.sender:
        findings.extend(
            check_grounding(
                context.modules,
                context.evidence,
                context.brief,
                context.sender,
                language,
                context.now.date(),
                packs,
            )
        )
    findings.extend(check_unsourced_numbers(view, context.modules, context.sender, language))
    return findings


def _not_judged(look: Look, codes: Sequence[str], unseen: Mapping[str, str]) -> tuple[str, ...]:
    """What this screening could not see, as "code: text"."""
    view, context = look.view, look.context
    texts = dict(unseen)
    if not context.consent_judged:
        texts["consent"] = "the mail does not show whether its recipients agreed to it"
        texts["list_source"] = "the mail does not show where the addresses come from"
    if not context.in_campaign:
        texts["first_contact"] = "the mail does not show whether it is the first to its recipient"
        texts["history"] = "the mail does not show whether earlier objections were respected"
    if not (context.modules and context.evidence and context.brief and context.sender):
        texts["claims"] = "without the cases and the brief no statement can be held to a source"
    if not look.knows_sender:
        texts["sender_facts"] = "names, addresses and numbers were recognised, not compared"
    if not codes:
        texts["jurisdiction"] = "no country was given, so no country's law was applied"
    for item in context.jurisdictions:
        name = item.strip().upper()
        if name not in look.packs.law and look.packs.pack_for(name).code == STRICT:
            key = f"no_pack:{name or 'unknown'}"
            texts[key] = "there is no rule pack for it; the strictest profile was applied"
    if not view.has_subject:
        texts["subject"] = "the file has no subject"
    if not view.has_headers:
        texts["headers"] = "the file has no mail headers, so one-click unsubscribing is not seen"
    if not look.language:
        texts["language"] = "the language could not be told with any certainty"
    elif not look.speaks_known_language:
        texts["wording"] = f"there are no word lists for {look.language}; words were not judged"
    return tuple(f"{code}: {text}" for code, text in texts.items())


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    def key(finding: Finding) -> tuple[int, str, str, str, int, str]:
        start = finding.place.span.start if finding.place.span else -1
        rank = finding.severity.rank
        place = finding.place.part
        return (rank, finding.jurisdiction, finding.rule, place, start, finding.message)

    return sorted(dict.fromkeys(findings), key=key)
