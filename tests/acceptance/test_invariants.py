"""What must always hold, shown on the sample campaign through the real rooms."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import Sample

from contracts.audience import Consent, ConsentKind
from contracts.decision import DraftState, Role
from contracts.delivery import EnvelopeState
from contracts.errors import BadInput, NotAllowed
from contracts.mail import CaseCitation, Claim, ModuleKind
from contracts.verdict import Severity, Verdict
from delivery import MaildirTransport
from evaluation import load_packs
from language.detect import detect
from review import OwnWork, seal
from workflow.approval import approve, review_item, waiting
from workflow.audience import import_contacts
from workflow.campaign import draft_campaign
from workflow.errors import ChangedSince
from workflow.house import House
from workflow.run import run_campaign
from workflow.screening import screen_campaign
from workflow.sending import queue_campaign, queue_counts, queue_list, work_queue
from workflow.unsubscribing import Unsubscribing


def approve_all(house: House, sample: Sample) -> None:
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)


def queue_all(house: House, sample: Sample) -> None:
    approve_all(house, sample)
    queue_campaign(house, sample.files.brief.name, sample.marketer)


def send(house: House, folder: Path) -> list[EmailMessage]:
    work_queue(house, transport=MaildirTransport(folder))
    files = sorted((folder / "new").iterdir())
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default)  # type: ignore[misc]
        for file in files
    ]


# 1. No claim without a source.


def spoil(house: House, sample: Sample, kind: ModuleKind, old: str, new: str) -> list[str]:
    """Plant `new` for `old` in every variant, screen, and name the rules that block."""
    name = sample.files.brief.name
    with house.store.begin() as tx:
        for record in tx.drafts.for_campaign(name):
            variants = []
            for variant in tx.editions.variants(record.draft.id):
                modules = tuple(
                    replace(module, text=module.text.replace(old, new))
                    if module.kind is kind
                    else module
                    for module in variant.modules
                )
                variants.append(replace(variant, modules=modules))
            tx.editions.put_variants(record.draft.id, variants)
    results = screen_campaign(house, name, sample.marketer)
    return sorted(
        {
            finding.rule
            for item in results
            for finding in item.screening.findings
            if finding.severity is Severity.BLOCK
        }
    )


def test_a_planted_false_number_is_blocked(house: House, sample: Sample) -> None:
    assert spoil(house, sample, ModuleKind.PROOF, "nothing of the kind", "x") == []
    rules = spoil(house, sample, ModuleKind.PROOF, "from 34 to 15", "from 33 to 15")
    assert rules, "34 became 33 and nobody minded"


def test_a_result_without_a_citation_is_blocked(house: House, sample: Sample) -> None:
    name = sample.files.brief.name
    with house.store.begin() as tx:
        record = next(item for item in tx.drafts.for_campaign(name) if item.draft.language == "en")
        variants = [
            replace(
                variant,
                modules=tuple(
                    replace(module, claims=()) if module.kind is ModuleKind.PROOF else module
                    for module in variant.modules
                ),
            )
            for variant in tx.editions.variants(record.draft.id)
        ]
        tx.editions.put_variants(record.draft.id, variants)
    results = screen_campaign(house, name, sample.marketer)
    mine = [item for item in results if item.draft.draft.id == record.draft.id]
    assert all(item.screening.verdict is Verdict.BLOCK for item in mine)


def test_a_citation_of_words_that_do_not_stand_there_is_blocked(
    house: House, sample: Sample
) -> None:
    name = sample.files.brief.name

    def forged(claim: Claim) -> Claim:
        if not isinstance(claim.citation, CaseCitation):
            return claim
        return replace(claim, citation=replace(claim.citation, quote="invented words"))

    with house.store.begin() as tx:
        for record in tx.drafts.for_campaign(name):
            variants = [
                replace(
                    variant,
                    modules=tuple(
                        replace(module, claims=tuple(forged(claim) for claim in module.claims))
                        for module in variant.modules
                    ),
                )
                for variant in tx.editions.variants(record.draft.id)
            ]
            tx.editions.put_variants(record.draft.id, variants)
    results = screen_campaign(house, name, sample.marketer)
    assert all(item.screening.verdict is Verdict.BLOCK for item in results)


def test_a_customer_who_may_not_be_named_is_blocked(house: House, sample: Sample) -> None:
    name = sample.files.brief.name
    with house.store.read() as tx:
        case = next(
            item for item in tx.cases.all() if not item.name_public and item.language == "zh-Hans"
        )
        drafts = [r for r in tx.drafts.for_campaign(name) if case.id in r.draft.case_ids]
    assert drafts, "the sample has no draft on an unnamed customer"
    secret = case.names()[-1]
    rules = spoil(house, sample, ModuleKind.OPENER, "。", f"，{secret}也在用。")
    assert rules


def test_a_segment_may_ask_for_cases_that_may_be_named(house: House, sample: Sample) -> None:
    named = [rule.model_copy(update={"named_only": True}) for rule in sample.files.brief.segments]
    brief = sample.files.brief.model_copy(update={"segments": tuple(named)})
    run = draft_campaign(house, brief, sample.files.sender, sample.marketer)
    with house.store.read() as tx:
        cases = [tx.cases.get(case_id) for draft in run.drafts for case_id in draft.case_ids]
    assert cases
    assert all(case is not None and case.name_public for case in cases)


# 2. The recipient's language, all of it.


def test_every_mail_is_in_the_language_of_its_draft(house: House, sample: Sample) -> None:
    with house.store.read() as tx:
        editions = [
            edition
            for record in tx.drafts.for_campaign(sample.files.brief.name)
            for edition in tx.editions.for_draft(record.draft.id)
        ]
    assert {edition.language for edition in editions} == {"en", "de", "zh-Hans"}
    for edition in editions:
        assert detect(edition.text).language == edition.language


def test_a_foreign_sentence_is_a_finding(house: House, sample: Sample) -> None:
    foreign = " Diese Zeile steht hier in der falschen Sprache und gehört nicht hinein."
    name = sample.files.brief.name
    before = screen_campaign(house, name, sample.marketer)
    rules_before = {finding.rule for item in before for finding in item.screening.findings}
    with house.store.begin() as tx:
        for record in tx.drafts.for_campaign(name):
            if record.draft.language != "en":
                continue
            variants = [
                replace(
                    variant,
                    modules=tuple(
                        replace(module, text=module.text + foreign)
                        if module.kind is ModuleKind.OPENER
                        else module
                        for module in variant.modules
                    ),
                )
                for variant in tx.editions.variants(record.draft.id)
            ]
            tx.editions.put_variants(record.draft.id, variants)
    after = screen_campaign(house, name, sample.marketer)
    rules = {
        finding.rule
        for item in after
        if item.edition.language == "en"
        for finding in item.screening.findings
    }
    assert rules - rules_before


def test_who_has_no_text_in_his_language_is_left_out_and_the_others_go_on(
    house: House, sample: Sample
) -> None:
    brief = sample.files.brief
    offer = {language: text for language, text in brief.offer.items() if language != "zh-Hans"}
    run = draft_campaign(
        house, brief.model_copy(update={"offer": offer}), sample.files.sender, sample.marketer
    )
    assert {draft.language for draft in run.drafts} == {"en", "de"}
    out = [entry for entry in run.audience.left_out if entry.reason == "no_text"]
    assert out
    assert all("offer.zh-Hans" in entry.detail for entry in out)


def test_a_sender_without_a_privacy_notice_in_a_language_leaves_its_readers_out(
    house: House, sample: Sample
) -> None:
    policy = {k: v for k, v in sample.files.sender.privacy_policy.items() if k != "zh-Hans"}
    sender = sample.files.sender.model_copy(update={"privacy_policy": policy})
    result = run_campaign(house, sample.files.brief, sender, sample.marketer)
    assert result.left_out["no_text"] > 0
    assert result.waiting == result.drafts > 0
    with house.store.read() as tx:
        drafts = tx.drafts.for_campaign(sample.files.brief.name)
    assert {record.draft.language for record in drafts} == {"en", "de"}


# 4. Nothing is sent that was not approved.


def test_one_changed_byte_after_approval_is_refused(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    house.store.close()
    with sqlite3.connect(sample.folder / "records.db") as records:
        changed = records.execute(
            "update editions set body = replace(body, 'Kind regards', 'Kind regardz')"
        ).rowcount
        assert changed
    records.close()
    messages = send(house, tmp_path / "mail")
    assert messages
    assert all("regardz" not in str(message) for message in messages)
    held = queue_list(house, state=EnvelopeState.HELD)
    assert held
    with house.store.read() as tx:
        english = [
            item for item in tx.envelopes.list(limit=None) if item.id in {h.id for h in held}
        ]
    assert len(english) == len(held)


def test_a_change_in_any_sealed_field_breaks_the_seal(house: House, sample: Sample) -> None:
    with house.store.read() as tx:
        record = tx.drafts.for_campaign(sample.files.brief.name)[0]
        edition = tx.editions.for_draft(record.draft.id)[0]
    sealed = seal(edition)
    greeting = {**edition.choices["greeting"], "ms": "Hey you,"}
    for change in (
        {"subject": edition.subject + " "},
        {"html": edition.html.replace("a", "b", 1)},
        {"text": edition.text + "\n"},
        {"from_address": "other@korvane.example"},
        {"from_name": "Somebody"},
        {"reply_to": "other@korvane.example"},
        {"refusal_mailbox": "other@korvane.example"},
        {"unsubscribe_base": "https://other.example/u/"},
        {"choices": {**edition.choices, "greeting": greeting}},
        {"fields": (*edition.fields, "company")},
        {"headers": {"X-Other": "1"}},
        {"images": (b"x",)},
        {"rule_packs": {}},
    ):
        assert seal(replace(edition, **change)) != sealed, change  # type: ignore[arg-type]


def test_an_edition_that_changed_before_approval_is_not_approved(
    house: House, sample: Sample
) -> None:
    submission = waiting(house)[0]
    with house.store.begin() as tx:
        edition = tx.editions.for_draft(submission.draft_id)[0]
        tx.editions.put(replace(edition, subject=edition.subject + "!"), submission.draft_id)
    with pytest.raises((ChangedSince, BadInput)):
        approve(house, submission.draft_id, sample.reviewer)


def test_what_was_not_approved_is_not_queued(house: House, sample: Sample) -> None:
    with pytest.raises(BadInput, match="approved"):
        queue_campaign(house, sample.files.brief.name, sample.marketer)
    first = waiting(house)[0]
    approve(house, first.draft_id, sample.reviewer)
    result = queue_campaign(house, sample.files.brief.name, sample.marketer)
    assert result.left_out["not_approved"] > 0
    with house.store.read() as tx:
        approved = {item.id for item in tx.editions.for_draft(first.draft_id)}
        assert {item.edition_id for item in tx.envelopes.list(limit=None)} <= approved


def test_an_approval_that_is_taken_back_stops_the_queue(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    with house.store.begin() as tx:
        for record in tx.drafts.for_campaign(sample.files.brief.name):
            tx.drafts.set_state(record.draft.id, DraftState.DRAFTED)
    assert send(house, tmp_path / "mail") == []
    assert queue_counts(house)[EnvelopeState.HELD] > 0


# 5. The author is not the approver.


def test_the_author_cannot_approve(house: House, sample: Sample) -> None:
    draft_id = waiting(house)[0].draft_id
    author = replace(sample.marketer, roles=sample.marketer.roles | {Role.REVIEWER})
    with pytest.raises(OwnWork):
        approve(house, draft_id, author)


def test_whoever_changed_something_is_an_author_too(house: House, sample: Sample) -> None:
    brief = sample.files.brief.model_copy(
        update={"offer": {key: text + " " + text for key, text in sample.files.brief.offer.items()}}
    )
    run_campaign(house, brief, sample.files.sender, sample.both)
    draft_id = waiting(house)[0].draft_id
    with pytest.raises(OwnWork):
        approve(house, draft_id, sample.both)
    assert approve(house, draft_id, sample.reviewer)


def test_whoever_changed_the_sender_is_an_author_of_every_draft(
    house: House, sample: Sample
) -> None:
    sender = sample.files.sender.model_copy(update={"phone": "+49 40 66969 241"})
    draft_campaign(house, sample.files.brief, sender, sample.both)
    run_campaign(house, sample.files.brief, sender, sample.marketer)
    for submission in waiting(house):
        with pytest.raises(OwnWork):
            approve(house, submission.draft_id, sample.both)


def test_a_marketer_without_the_role_cannot_approve(house: House, sample: Sample) -> None:
    draft_id = waiting(house)[0].draft_id
    with pytest.raises(NotAllowed):
        approve(house, draft_id, sample.marketer)


def test_a_changed_draft_comes_back_as_a_difference(house: House, sample: Sample) -> None:
    approve_all(house, sample)
    offer = {key: text.replace("30", "45") for key, text in sample.files.brief.offer.items()}
    brief = sample.files.brief.model_copy(update={"offer": offer})
    run_campaign(house, brief, sample.files.sender, sample.marketer)
    items = [review_item(house, submission.draft_id) for submission in waiting(house)]
    assert items
    for item in items:
        assert [change.place for change in item.changes] == ["offer", "offer sources"]
        assert "45" in item.changes[0].after
        assert "30" in item.changes[0].before


def test_running_again_without_a_change_keeps_every_approval(house: House, sample: Sample) -> None:
    approve_all(house, sample)
    result = run_campaign(house, sample.files.brief, sample.files.sender, sample.marketer)
    assert result.waiting == 0
    assert result.approved == result.drafts
    again = run_campaign(house, sample.files.brief, sample.files.sender, sample.marketer)
    assert again.queued == result.queued


# 6. Suppression is read last.


def test_an_address_suppressed_after_queueing_is_not_sent(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    victim = queue_list(house)[0]
    with house.store.begin() as tx:
        tx.suppressions.add(victim.address, "complained", house.clock())
    messages = send(house, tmp_path / "mail")
    assert messages
    assert all(victim.address not in str(message["To"]) for message in messages)


def test_consent_that_was_withdrawn_after_queueing_stops_the_mail(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    with house.store.begin() as tx:
        for envelope in tx.envelopes.list(limit=None):
            contact = tx.contacts.get(envelope.contact_id)
            assert contact is not None
            tx.contacts.put(
                replace(contact, consent=Consent(ConsentKind.REFUSED)), fresh_consent=True
            )
    assert send(house, tmp_path / "mail") == []


def test_an_import_never_brings_an_unsubscribed_person_back(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    victim = queue_list(house)[0]
    service = Unsubscribing(house)
    token = house.unsubscriber.token(victim.contact_id, victim.campaign)
    assert service.unsubscribe(token)
    file = tmp_path / "again.csv"
    file.write_text(
        "E-Mail;Vorname;Nachname;Land;Sprache;Einwilligung;Einwilligung am;Herkunft\n"
        f"{victim.address};A;B;Deutschland;de;Double-Opt-in;01.11.2026;Website\n",
        encoding="utf-8",
    )
    import_contacts(house, file, sample.marketer)
    queue_campaign(house, sample.files.brief.name, sample.marketer)
    messages = send(house, tmp_path / "mail")
    assert all(victim.address not in str(message["To"]) for message in messages)


# 7. Nothing twice.


def test_queueing_and_working_again_sends_nothing_again(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    first = send(house, tmp_path / "mail")
    queue_campaign(house, sample.files.brief.name, sample.marketer)
    second = send(house, tmp_path / "mail")
    assert len(first) == len(second) == queue_counts(house)[EnvelopeState.SENT]
    assert len({message["To"] for message in first}) == len(first)
    assert len({message["Message-ID"] for message in first}) == len(first)


# 8. A GET changes nothing, and who unsubscribed is on record.


def test_looking_at_an_unsubscribe_link_changes_nothing(house: House, sample: Sample) -> None:
    queue_all(house, sample)
    envelope = queue_list(house)[0]
    service = Unsubscribing(house)
    token = house.unsubscriber.token(envelope.contact_id, envelope.campaign)
    assert service.check(token) is not None
    with house.store.read() as tx:
        assert tx.suppressions.reason_for(envelope.address) is None
    assert service.check(token + "x") is None
    assert not service.unsubscribe(token + "x")
    assert service.unsubscribe(token)
    assert service.unsubscribe(token)
    with house.store.read() as tx:
        assert tx.suppressions.reason_for(envelope.address)


# 10. The same gates without a model or a network are the subject of every test here.


# 11. No envelope without consent.


def test_nobody_without_lawful_consent_has_an_envelope(house: House, sample: Sample) -> None:
    queue_all(house, sample)
    packs = load_packs()
    with house.store.read() as tx:
        for envelope in tx.envelopes.list(limit=None):
            contact = tx.contacts.get(envelope.contact_id)
            assert contact is not None
            assert contact.consent.kind is not ConsentKind.REFUSED
            rule = packs.pack_for(contact.country).consent
            assert contact.consent.kind in rule.sufficient
        reasons = tx.left_out.counts(sample.files.brief.name)
    assert reasons["no_consent"] > 0
    assert reasons["unsubscribed"] > 0


def test_smtp_is_refused_for_an_invented_sender_and_without_a_public_address(
    house: House, sample: Sample
) -> None:
    from delivery import SmtpSecurity, SmtpSettings, SmtpTransport

    queue_all(house, sample)
    transport = SmtpTransport(SmtpSettings("127.0.0.1", 9, SmtpSecurity.NONE))
    with pytest.raises(BadInput):
        work_queue(house, transport=transport)
    assert queue_counts(house)[EnvelopeState.SENT] == 0


def test_the_audit_log_is_whole_and_holds_no_addresses(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    from workflow.auditing import export_lines, verify_file

    queue_all(house, sample)
    lines = list(export_lines(house, sample.reviewer))
    file = tmp_path / "audit.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert verify_file(file).ok
    assert "@" not in file.read_text(encoding="utf-8")
    broken = [*lines[:3], lines[3].replace('"actor":"', '"actor":"x'), *lines[4:]]
    file.write_text("\n".join(broken) + "\n", encoding="utf-8")
    assert not verify_file(file).ok


def test_a_held_envelope_waits_for_a_person(house: House, sample: Sample, tmp_path: Path) -> None:
    from workflow.sending import hold, release

    queue_all(house, sample)
    victim = queue_list(house)[0]
    assert hold(house, victim.id, sample.marketer, "wait")
    before = len(send(house, tmp_path / "mail"))
    with pytest.raises(NotAllowed):
        release(house, victim.id, sample.reviewer)
    assert release(house, victim.id, sample.marketer)
    assert len(send(house, tmp_path / "mail")) == before + 1


def test_a_lease_that_ran_out_is_settled_by_asking_the_transport(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queue_all(house, sample)
    now = house.clock()
    claimed = house.store.outbox.claim(now, "dead@nowhere", timedelta(seconds=-1), lambda _: "")
    assert claimed is not None
    send(house, tmp_path / "mail")
    held = queue_list(house, state=EnvelopeState.HELD)
    assert [item.id for item in held] == [claimed.envelope.id]
    assert "unknown" in held[0].reason
