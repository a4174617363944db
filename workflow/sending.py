"""Approved editions become envelopes; workers hand them over; people look at what is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.audience import Contact, LeftOut
from contracts.decision import DraftState, User
from contracts.delivery import Envelope, EnvelopeState, MergeValues
from contracts.errors import BadInput
from contracts.mail import Edition
from delivery import (
    MaildirTransport,
    PlannedRecipient,
    SmtpSecurity,
    SmtpSettings,
    SmtpTransport,
    Transport,
    Worker,
    WorkerSettings,
    WorkReport,
    open_values,
    plan_envelopes,
)
from evaluation import RulePacks, judge_consent, load_packs
from personalize.audience import greeting_values
from review import require, verify
from storage import Transaction, Unreadable, UnusableCase
from variants import HOLDOUT, Design, assign
from workflow.audience import Group, plan_audience
from workflow.campaign import arms_of, campaign_record
from workflow.house import House

__all__ = [
    "Queued",
    "hold",
    "may_write",
    "open_transport",
    "queue_campaign",
    "queue_counts",
    "queue_list",
    "release",
    "resolve",
    "work_queue",
]


@dataclass(frozen=True, slots=True)
class Queued:
    queued: int  # new envelopes
    already: int  # contacts that have their envelope of this campaign
    left_out: dict[str, int]
    designs: dict[str, Design]  # draft id -> how many arms its recipients bear


def queue_campaign(house: House, name: str, actor: User) -> Queued:
    """Put one envelope on the queue for every reader of an approved draft.

    Asking again adds only who is new: a contact gets one envelope of a campaign. Who may
    not be written to now is left out, with the reason, even if it was allowed when the
    draft was written; and so is who would get a mail that rests on a case which is
    withdrawn, or past its last day when the mail is due.

    Raises:
        NotAllowed: the actor may not queue.
        UnknownCampaign: the campaign was never drafted.
        BadInput: nothing is approved, or all of it rests on cases that may not be used.
    """
    require(actor, "enqueue")
    record = campaign_record(house, name)
    packs = load_packs()
    now = house.clock()
    start = record.brief.send.start
    with house.store.begin() as tx:
        audience = plan_audience(tx, record.brief, packs, record.sender)
        groups = {(group.segment, group.language): group for group in audience.groups}
        left_out = list(audience.left_out)
        recipients: list[PlannedRecipient] = []
        designs: dict[str, Design] = {}
        approved = 0
        for entry in tx.drafts.for_campaign(name):
            group = groups.pop((entry.draft.segment, entry.draft.language), None)
            if group is None:
                continue
            if entry.state is not DraftState.APPROVED:
                left_out += [
                    LeftOut(contact.id, "not_approved", entry.state.value)
                    for contact in group.contacts
                ]
                continue
            approved += 1
            variants = tx.editions.variants(entry.draft.id)
            plan = arms_of(record.brief, len(group.contacts), len(variants))
            designs[entry.draft.id] = plan
            editions = {
                (edition.variant_id, edition.profile): edition
                for edition in tx.editions.for_draft(entry.draft.id)
            }
            arms = [variant.id for variant in variants[: plan.arms]]
            taken, out = _recipients(tx, group, arms, editions, record.brief.experiment.holdout)
            recipients += taken
            left_out += out
        left_out += _undrafted(tx, name, groups.values())
        if not approved:
            raise BadInput(
                f"nothing of «{name}» is approved yet: a reviewer decides with "
                "`mailwright review list` and `review approve ID`"
            )
        begin = max(now, start) if start is not None else now
        planned = plan_envelopes(recipients, name, begin, record.brief.send.rate)
        envelopes, stopped = _usable(tx, planned)
        if stopped and not envelopes:
            reasons = ", ".join(sorted({stop.reason for _, stop in stopped}))
            raise BadInput(
                f"nothing of «{name}» may be queued, all of it rests on cases that may not be "
                f"used ({reasons}): draft the campaign again"
            )
        left_out += [LeftOut(contact_id, stop.code, stop.case_id) for contact_id, stop in stopped]
        queued = tx.enqueue(envelopes)
        tx.left_out.replace(name, left_out)
        tx.audit.append(
            actor.id,
            "campaign.queued",
            name,
            {"queued": str(queued), "recipients": str(len(recipients))},
            now,
        )
    counts: dict[str, int] = {}
    for item in left_out:
        counts[item.reason] = counts.get(item.reason, 0) + 1
    return Queued(queued, len(envelopes) - queued, dict(sorted(counts.items())), designs)


def _usable(
    tx: Transaction, planned: Sequence[Envelope]
) -> tuple[list[Envelope], list[tuple[str, UnusableCase]]]:
    """The envelopes whose cases may be used on the day they are due; the contacts of the
    others, each with the case that stands in the way."""
    stops: dict[tuple[str, date], UnusableCase | None] = {}
    usable: list[Envelope] = []
    stopped: list[tuple[str, UnusableCase]] = []
    for envelope in planned:
        key = (envelope.edition_id, envelope.due_at.date())
        if key not in stops:
            stops[key] = tx.citations.unusable(*key)
        stop = stops[key]
        if stop is None:
            usable.append(envelope)
        else:
            stopped.append((envelope.contact_id, stop))
    return usable, stopped


def _undrafted(tx: Transaction, name: str, groups: Iterable[Group]) -> list[LeftOut]:
    """Contacts that no draft is for: what drafting said of them stands, and whoever came
    since waits for the next draft."""
    said = {
        entry.contact_id: entry
        for entry in tx.left_out.list(name)
        if entry.reason in ("no_passage", "no_text")
    }
    return [
        said.get(contact.id) or LeftOut(contact.id, "not_approved", "not drafted yet")
        for group in groups
        for contact in group.contacts
    ]


def _recipients(
    tx: Transaction,
    group: Group,
    arms: list[str],
    editions: dict[tuple[str, str], Edition],
    holdout: float,
) -> tuple[list[PlannedRecipient], list[LeftOut]]:
    taken: list[PlannedRecipient] = []
    left_out: list[LeftOut] = []
    profile_of = {contact_id: code for code, ids in group.profiles.items() for contact_id in ids}
    for contact in group.contacts:
        campaign = next(iter(editions.values())).campaign if editions else ""
        arm = assign(campaign, group.segment, contact.id, len(arms), holdout)
        if arm == HOLDOUT:
            left_out.append(LeftOut(contact.id, "holdout"))
            continue
        edition = editions.get((arms[arm], profile_of[contact.id]))
        seal = tx.reviews.approved_seal(edition.id) if edition else None
        if edition is None or seal is None:
            left_out.append(LeftOut(contact.id, "blocked", profile_of[contact.id]))
            continue
        taken.append(
            PlannedRecipient(
                contact_id=contact.id,
                address=contact.email,
                edition_id=edition.id,
                seal=seal,
                arm=arms[arm],
                merge=_merge(contact, edition),
            )
        )
    return taken, left_out


def _merge(contact: Contact, edition: Edition) -> MergeValues:
    greeting = greeting_values(contact, edition.language)
    choices = dict(greeting.choices)
    if "reason" in edition.choices:
        kind = contact.consent.kind.value
        choices["reason"] = kind if kind in edition.choices["reason"] else "none"
    known = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "job_title": contact.job_title,
    }
    values = {**open_values(edition, known), **greeting.values}
    return MergeValues(choices=choices, values=values)


def may_write(house: House, packs: RulePacks | None = None) -> Callable[[Contact], str]:
    """The question that the claim of an envelope asks: "" or why not. Consent is judged as
    it is on record at that moment, by the law of the contact."""
    packs = packs or load_packs()

    def ask(contact: Contact) -> str:
        verdict = judge_consent(contact, packs, "consent")
        return "" if verdict.lawful else verdict.reason

    return ask


def open_transport(house: House) -> Transport:
    """The transport that the settings name.

    Raises:
        BadInput: SMTP without a public address, or settings that contradict each other.
    """
    settings = house.settings
    if settings.transport == "maildir":
        return MaildirTransport(house.workspace.maildir)
    return SmtpTransport(
        SmtpSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=SmtpSecurity(settings.smtp_security),
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            timeout_s=settings.smtp_timeout_s,
        )
    )


def work_queue(
    house: House,
    limit: int | None = None,
    transport: Transport | None = None,
    name: str = "local",
    actor: User | None = None,
) -> WorkReport:
    """Hand over what is due now; see `delivery.Worker`.

    Args:
        actor: who asks; None for the house itself, in the demo and in a campaign's run.

    Raises:
        NotAllowed: the actor may not work the queue.
        BadInput: SMTP while no public address answers unsubscribing, or an invented sender.
        CouldNotFinish: the transport cannot be used, or something unexpected happened.
    """
    if actor is not None:
        require(actor, "work_queue")
    transport = transport or open_transport(house)

    def edition(edition_id: str) -> Edition | None:
        try:
            with house.store.read() as tx:
                return tx.editions.get(edition_id)
        except Unreadable:
            return None  # altered in the records: this envelope is held, the others go on

    def approved(edition_id: str) -> str | None:
        with house.store.read() as tx:
            return tx.reviews.approved_seal(edition_id)

    def why_not(edition_id: str) -> str:
        with house.store.read() as tx:
            stop = tx.citations.unusable(edition_id, house.today)
        return stop.reason if stop is not None else ""

    if transport.leaves_the_house:
        _no_samples(house)
    worker = Worker(
        outbox=house.store.outbox,
        editions=edition,
        verify=verify,
        approved=approved,
        transport=transport,
        may_write=may_write(house),
        settings=WorkerSettings(
            unsubscribe_url=house.unsubscribe_url,
            name=name,
            public_url=house.settings.public_url,
            lease=timedelta(seconds=house.settings.lease_s),
        ),
        clock=house.clock,
        why_not=why_not,
    )
    report = worker.run(limit=limit)
    counts = {
        "sent": report.sent,
        "held": report.held,
        "dropped": report.dropped,
        "deferred": report.deferred,
        "failed": report.failed,
    }
    if any(counts.values()):
        with house.store.begin() as tx:
            tx.audit.append(
                actor.id if actor else "system",
                "queue.worked",
                "queue",
                {key: str(count) for key, count in counts.items()},
                house.clock(),
            )
    return report


def _no_samples(house: House) -> None:
    """Refuse to mail in the name of an invented sender."""
    with house.store.read() as tx:
        due = {envelope.campaign for envelope in tx.envelopes.list(state=EnvelopeState.DUE)}
        for name in sorted(due):
            record = tx.campaigns.get(name)
            if record is not None and record.sender.sample:
                raise BadInput(
                    f"campaign «{name}» has an invented sender (sample: true): it can go to a "
                    "maildir only; write a sender file of your own"
                )


def queue_counts(house: House, name: str | None = None) -> dict[EnvelopeState, int]:
    return house.store.outbox.counts(name)


def queue_list(
    house: House,
    name: str | None = None,
    state: EnvelopeState | None = None,
    limit: int | None = 200,
) -> list[Envelope]:
    return house.store.outbox.list(name, state, limit)


def hold(house: House, envelope_id: str, actor: User, why: str) -> bool:
    """Keep an envelope back until somebody releases it; False if it is past holding."""
    require(actor, "hold_queue")
    done = house.store.outbox.hold(envelope_id, f"by hand: {why}" if why else "by hand")
    _note(house, actor, "envelope.held", envelope_id, done)
    return done


def release(house: House, envelope_id: str, actor: User) -> bool:
    """Let a held envelope go; False if it is not held, or its outcome is unknown.

    Raises:
        NotAllowed: the actor is no operator.
        BadInput: it rests on a case that may not be used; it would be held again at once.
    """
    require(actor, "release_queue")
    with house.store.read() as tx:
        envelope = tx.envelopes.get(envelope_id)
        stop = None
        if envelope is not None and envelope.state is EnvelopeState.HELD:
            stop = tx.citations.unusable(envelope.edition_id, house.today)
    if stop is not None:
        raise BadInput(
            f"it stays held, the mail rests on a case that may not be used ({stop.reason}): "
            "renew or restore the case first"
        )
    done = house.store.outbox.release(envelope_id, house.clock())
    _note(house, actor, "envelope.released", envelope_id, done)
    return done


def resolve(house: House, envelope_id: str, actor: User, outcome: EnvelopeState) -> bool:
    """Say what became of an envelope whose outcome is unknown: SENT, DUE (it certainly did
    not arrive, send it) or DROPPED (do not send it).

    Raises:
        NotAllowed: the actor is no operator.
    """
    require(actor, "resolve_queue")
    done = house.store.outbox.resolve(
        envelope_id, outcome, f"resolved by {actor.id}", house.clock()
    )
    _note(house, actor, f"envelope.resolved_{outcome.value}", envelope_id, done)
    return done


def _note(house: House, actor: User, action: str, envelope_id: str, done: bool) -> None:
    if done:
        with house.store.begin() as tx:
            tx.audit.append(actor.id, action, envelope_id, {}, house.clock())
