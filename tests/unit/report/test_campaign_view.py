"""What the records hold of a campaign, collected for people to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from report_samples import NOW, QUOTES, a_case, a_finding, the_modules

from contracts.audience import (
    Consent,
    ConsentKind,
    Contact,
    ImportReport,
    LeftOut,
    RowOutcome,
    RowReport,
    Salutation,
)
from contracts.brief import Brief, Sender
from contracts.case import Span
from contracts.decision import Approval, DecisionKind, DraftState, Role, Submission, User
from contracts.delivery import Envelope, EnvelopeState, MergeValues
from contracts.mail import Draft, Edition, Variant
from contracts.verdict import Place, Screening, Severity
from interface.report import render_report
from review import seal
from workflow.errors import UnknownCampaign
from workflow.house import House
from workflow.results import campaign_view
from workflow.settings import load_settings
from workflow.summary import summary

SECRETS = ("Zephyrine", "Quarantaine", "zephyrine.q@recipient.example", "Geheimfirma")


def the_brief():
    return Brief.model_validate(
        {
            "name": "spring",
            "sender": "korvane",
            "product": {"name": "Pulse", "description": {"de": "Messtechnik"}},
            "offer": {"de": "Drei Maschinen."},
            "call_to_action": {"url": "https://korvane.example", "label": {"de": ["Messplan"]}},
            "segments": [{"name": "food plants", "where": {"industry": "food"}}],
            "experiment": {"slots": ["subject", "opener"], "max_variants": 2},
        }
    )


def the_sender():
    return Sender.model_validate(
        {
            "legal_name": "Korvane Messtechnik GmbH",
            "from_name": "Simin Liang",
            "from_address": "simin@korvane.example",
            "signatory": {"name": "Simin Liang"},
            "postal_address": ["Messlotweg 8", "22113 Hamburg"],
            "country": "DE",
            "refusal_mailbox": "stop@korvane.example",
            "privacy_policy": {"de": "https://korvane.example/datenschutz"},
        }
    )


def the_contact():
    return Contact(
        id="c_" + "7" * 32,
        email=SECRETS[2],
        first_name=SECRETS[0],
        last_name=SECRETS[1],
        salutation=Salutation.MS,
        company=SECRETS[3],
        industry="food",
        country="DE",
        language="de",
        consent=Consent(ConsentKind.DOUBLE_OPT_IN, date(2026, 1, 2), "fair", "ja"),
    )


def an_edition(variant):
    return Edition(
        variant_id=variant.id,
        campaign="spring",
        segment="food plants",
        language="de",
        profile="DE",
        subject="Weniger Stillstand",
        html="<p>[[greeting]]</p><p>Weniger &amp; besser</p><a href='[[unsubscribe_url]]'>Ende</a>",
        text="[[greeting]]\n\nWeniger & besser\n[[unsubscribe_url]]\n",
        from_name="Simin Liang",
        from_address="simin@korvane.example",
        reply_to="",
        refusal_mailbox="stop@korvane.example",
        unsubscribe_base="https://unsubscribe.invalid/u/",
        choices={"greeting": {"ms": "Guten Tag Frau [[last_name]],", "none": "Guten Tag,"}},
        fields=("last_name", "unsubscribe_url"),
    )


@pytest.fixture
def house(tmp_path):
    house = House(load_settings(tmp_path / "workspace", transport="maildir"), lambda: NOW)
    yield house
    house.close()


@pytest.fixture
def campaign(house):
    """Two variants, the second blocked; the first approved and on its way to one contact."""
    case, modules = a_case(), the_modules("de", a_case(), QUOTES["de"])
    other = the_modules("de", case, QUOTES["de"], opener="Kurz gesagt: drei Maschinen.")
    draft = Draft("spring", "food plants", "de", modules, (), (case.id,), 0, "composer")
    variants = [
        Variant(draft.id, "spring", "food plants", "de", texts, {"opener": tactic})
        for texts, tactic in ((modules, "question"), (other, "purpose"))
    ]
    editions = [an_edition(variant) for variant in variants]
    blocking = a_finding(
        Severity.BLOCK, rule="de.vat", message="No VAT number.", place=Place("html", Span(0, 9))
    )
    with house.store.begin() as tx:
        for user in (
            User("mira", "Mira Sample", frozenset({Role.MARKETER})),
            User("ruben", "Ruben Sample", frozenset({Role.REVIEWER})),
        ):
            tx.users.put(user, f"hash of {user.id}")
        tx.cases.put(case)
        tx.contacts.put(the_contact())
        tx.campaigns.put("spring", the_brief(), the_sender(), NOW)
        tx.drafts.put(draft, "mira", NOW)
        tx.editions.put_variants(draft.id, variants)
        for edition, findings in zip(editions, ((), (blocking,)), strict=True):
            tx.editions.put(edition, draft.id)
            tx.editions.put_screening(
                Screening(edition.id, findings, {}, ("consent: not seen",), 40, {"DE": "1"}, NOW)
            )
        seals = {editions[0].id: seal(editions[0])}
        tx.reviews.submit(
            Submission(
                draft.id, "spring", "food plants", "de", seals, frozenset({"mira"}), "mira", NOW
            )
        )
        tx.reviews.decide(Approval(draft.id, DecisionKind.APPROVE, seals, "ruben", NOW, "gut"))
        tx.drafts.set_state(draft.id, DraftState.APPROVED)
        tx.left_out.replace("spring", [LeftOut("c_other", "no_consent")])
        tx.enqueue(
            [
                Envelope(
                    id="n_1",
                    key="key1",
                    campaign="spring",
                    contact_id=the_contact().id,
                    edition_id=editions[0].id,
                    arm=variants[0].id,
                    address=the_contact().email,
                    merge=MergeValues({"greeting": "ms"}, {"last_name": SECRETS[1]}),
                    seal=seals[editions[0].id],
                    due_at=NOW,
                )
            ]
        )
    return draft


def test_the_counts_are_those_of_the_records(house, campaign):
    counts = summary(house, "spring")
    found = counts.to_json()
    assert counts.envelopes[EnvelopeState.DUE] == 1
    assert found["passages"] > 0
    assert {key: found[key] for key in ("cases", "segments", "drafts", "variants")} == {
        "cases": 1,
        "segments": 1,
        "drafts": 1,
        "variants": 2,
    }
    assert {key: found[key] for key in ("editions", "blocked", "approved", "sendable")} == {
        "editions": 2,
        "blocked": 1,
        "approved": 1,
        "sendable": 1,
    }
    assert (found["queued"], found["sent"], found["held"]) == (1, 0, 0)
    assert found["left_out"] == {"no_consent": 1}
    assert found["blocked_by"] == {"de.vat": 1}
    assert found["contacts"] == {"taken": 0, "mended": 0, "refused": 0, "on_record": 1}


def test_the_import_and_the_times_are_those_of_the_caller(house, campaign):
    rows = [RowOutcome.TAKEN, RowOutcome.TAKEN, RowOutcome.MENDED, RowOutcome.REFUSED]
    report = ImportReport(tuple(RowReport(place, row) for place, row in enumerate(rows, 1)))
    found = summary(
        house, "spring", contacts=report, seconds={"draft": 1.23456}, outputs={"report": "r.html"}
    ).to_json()
    assert found["contacts"] == {"taken": 2, "mended": 1, "refused": 1, "on_record": 1}
    assert found["seconds"] == {"draft": 1.235}
    assert found["outputs"] == {"report": "r.html"}


def test_a_campaign_that_was_never_drafted_is_unknown(house):
    with pytest.raises(UnknownCampaign):
        summary(house, "autumn")
    with pytest.raises(UnknownCampaign):
        campaign_view(house, "autumn")


def test_the_view_joins_texts_screening_and_decision(house, campaign):
    view = campaign_view(house, "spring")
    (draft,) = view.drafts
    first, second = draft.variants
    assert (draft.recipients, draft.profiles, draft.authors) == (1, {"DE": 1}, ("Mira Sample",))
    assert (draft.submitted_by, draft.decision.by) == ("Mira Sample", "Ruben Sample")
    assert [tactic.name for tactic in first.tactics] == ["A question"]
    assert (first.queued, second.queued) == (1, 0)
    assert first.editions[0].approved_seal == seal(first.editions[0].edition)
    assert (second.editions[0].blocked, second.editions[0].approved_seal) == (True, "")
    assert first.editions[0].countries == ("DE",)
    assert draft.design.arms == 1
    assert set(view.cases) == {(a_case().id, a_case().text_hash)}


def test_the_profile_with_most_readers_comes_first(house, campaign):
    with house.store.begin() as tx:
        variant = tx.editions.variants(campaign.id)[0]
        tx.editions.put(replace(an_edition(variant), profile="CN"), campaign.id)
    (draft,) = campaign_view(house, "spring").drafts
    assert [item.edition.profile for item in draft.variants[0].editions] == ["DE", "CN"]


def test_a_finding_is_shown_with_the_words_it_points_at(house, campaign):
    (draft,) = campaign_view(house, "spring").drafts
    (seen,) = draft.variants[1].editions[0].findings
    assert seen.excerpt == "Guten Tag"


def test_mails_are_shown_with_sample_names_and_no_contact_is_told(house, campaign):
    view = campaign_view(house, "spring")
    mail = view.drafts[0].variants[0].editions[0].mail
    assert "Guten Tag Frau" in mail.html
    assert "[[" not in mail.html + mail.text
    page = render_report(view)
    for secret in (*SECRETS, the_contact().id):
        assert secret not in repr(view)
        assert secret not in page


def test_a_case_that_was_withdrawn_since_says_so_in_the_report(house, campaign):
    with house.store.begin() as tx:
        tx.cases.withdraw(a_case().id)
    assert "The case has been withdrawn since." in render_report(campaign_view(house, "spring"))


def test_an_older_text_of_a_case_is_quoted_as_it_was(house, campaign):
    newer = replace(a_case(), text="All new.", text_hash="0" * 64, sections=())
    with house.store.begin() as tx:
        tx.cases.put(newer)
    assert QUOTES["de"] in render_report(campaign_view(house, "spring"))


def test_nothing_is_written(house, campaign):
    def entries():
        with house.store.read() as tx:
            return tx.drafts.for_campaign("spring"), tx.envelopes.list("spring"), tx.audit.head()

    before = entries()
    campaign_view(house, "spring")
    assert entries() == before
