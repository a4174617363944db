from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_samples import DE_BODY, NOW, message, page, sender

from contracts.mail import Edition
from contracts.verdict import Ruled, Severity, Verdict
from evaluation import MailView, ScreeningContext, load_packs, screen, screen_edition

PACKS = load_packs()
LONE = ScreeningContext(now=NOW)


def codes(texts: tuple[str, ...]) -> set[str]:
    return {text.partition(": ")[0] for text in texts}


def test_what_a_lone_file_cannot_show_is_said() -> None:
    found = screen(MailView.from_html("<p>Hello</p>"), LONE, PACKS, "a.html")
    assert {"consent", "first_contact", "claims", "headers", "subject", "jurisdiction"} <= codes(
        found.not_judged
    )
    assert found.jurisdictions == {}


def test_a_campaign_without_a_country_is_judged_most_strictly() -> None:
    context = ScreeningContext(in_campaign=True, consent_judged=True, now=NOW)
    found = screen(MailView.from_html("<p>Hello</p>"), context, PACKS, "x")
    assert found.jurisdictions == {"STRICT": Verdict.BLOCK}
    assert not codes(found.not_judged) & {"consent", "first_contact", "jurisdiction"}


def test_countries_without_a_pack_fall_to_the_strictest() -> None:
    context = ScreeningContext(("KZ", "MN", "de"), now=NOW)
    found = screen(MailView.from_bytes(message("DE")), context, PACKS, "x")
    assert set(found.jurisdictions) == {"STRICT", "DE"}
    assert {"no_pack:KZ", "no_pack:MN"} <= codes(found.not_judged)


def test_each_jurisdiction_has_its_own_verdict() -> None:
    context = ScreeningContext(("DE", "CN"), now=NOW)
    found = screen(MailView.from_bytes(message("DE")), context, PACKS, "x")
    assert found.jurisdictions == {"DE": Verdict.PASS, "CN": Verdict.BLOCK}
    assert found.verdict is Verdict.BLOCK


def test_screening_is_repeatable_and_ordered() -> None:
    raw = message("US", subject="Re: !!!", text="Dear friend, act now!!! {{x}} ")
    context = ScreeningContext(("DE", "US", "CN"), now=NOW)
    first = screen(MailView.from_bytes(raw), context, PACKS, "x")
    again = screen(MailView.from_bytes(raw), context, PACKS, "x")
    assert first == again
    rank = [Severity.BLOCK, Severity.WARN, Severity.NOTE]
    severities = [rank.index(item.severity) for item in first.findings]
    assert severities == sorted(severities)
    assert first.packs == PACKS.versions


def test_places_lie_in_the_text_of_their_part() -> None:
    raw = message("CN", subject="Re: 轴承", text="最佳的顶级设备！！！ {{x}}")
    view = MailView.from_bytes(raw)
    parts = {"subject": view.subject, "html": view.visible, "text": view.text}
    found = screen(view, ScreeningContext(("CN",), now=NOW), PACKS, "x")
    for finding in found.findings:
        if finding.place.span and finding.place.part in parts:
            assert finding.place.span.end <= len(parts[finding.place.part])


def edition(**changes: object) -> Edition:
    body = DE_BODY.replace("Guten Tag Frau Lindner,", "[[greeting]]").replace(
        "https://pegelwerk.example/u/abc123", "[[unsubscribe_url]]"
    )
    html = page(body, "de").replace(
        "[[unsubscribe_url]]", '<a href="[[unsubscribe_url]]">Abmelden</a>'
    )
    plain = Edition(
        variant_id="v",
        campaign="trial",
        segment="s",
        language="de",
        profile="DE",
        subject="Verschlissene Lager früher erkennen",
        html=html,
        text=body,
        from_name="Jana Reuter",
        from_address="jana@pegelwerk.example",
        reply_to="",
        refusal_mailbox="stopp@pegelwerk.example",
        unsubscribe_base="https://pegelwerk.example/u/",
        choices={"greeting": {"ms": "Guten Tag Frau [[last_name]],", "none": "Guten Tag,"}},
        fields=("last_name", "unsubscribe_url"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class TestEditions:
    context = ScreeningContext(
        ("DE",), language="de", sender=sender(), in_campaign=True, consent_judged=True, now=NOW
    )

    def blocks(self, mail: Edition) -> set[str]:
        found = screen_edition(mail, self.context, PACKS)
        assert found.subject_id == mail.id
        return {item.rule for item in found.findings if item.severity is Severity.BLOCK}

    def test_a_lawful_edition_passes(self) -> None:
        assert screen_edition(edition(), self.context, PACKS).verdict is Verdict.PASS

    def test_every_choice_is_looked_at(self) -> None:
        greetings = {"ms": "Guten Tag Frau [[last_name]],", "none": "Guten Tag {{name}},"}
        assert self.blocks(edition(choices={"greeting": greetings})) == {"fidelity.placeholder"}

    def test_the_certificate_has_the_worst_of_all_choices(self) -> None:
        said = "Sie erhalten diese E-Mail, weil Sie in Informationen von uns eingewilligt haben."
        assert said in DE_BODY
        text = edition().text.replace(said, "[[reason]]")
        html = edition().html.replace(said, "[[reason]]")
        for reasons, verdict in (
            ({"express": said}, Ruled.MET),
            ({"express": said, "none": "Danke."}, Ruled.WARN),
        ):
            choices = {**edition().choices, "reason": reasons}
            found = screen_edition(
                edition(text=text, html=html, choices=choices), self.context, PACKS
            )
            rulings = [item for item in found.certificate if item.rule == "de.reason"]
            assert {item.verdict for item in rulings} == {verdict}

    def test_an_unknown_field_is_a_leftover(self) -> None:
        assert self.blocks(edition(fields=("last_name",))) >= {"fidelity.placeholder"}

    def test_an_unsubscribe_address_that_is_not_secure(self) -> None:
        base = "http://pegelwerk.example/u/"
        assert self.blocks(edition(unsubscribe_base=base)) == {"provider.one_click"}

    def test_a_text_part_without_the_footer(self) -> None:
        short = edition().text.split("Pegelwerk")[0]
        assert {"de.legal_name", "de.unsubscribe"} <= self.blocks(edition(text=short))


def _data() -> Path:
    named = os.environ.get("MAILWRIGHT_DATA")
    return Path(named) if named else Path(__file__).parents[3].parent / "shared" / "data"


needs_data = pytest.mark.skipif(
    not (_data() / "mozilla_emails").is_dir(),
    reason="needs the shared data: set MAILWRIGHT_DATA to its folder",
)


@needs_data
def test_real_templates_are_not_blocked() -> None:
    files = sorted((_data() / "email_templates" / "files").iterdir())
    assert files
    for file in files:
        found = screen(MailView.from_file(file), LONE, PACKS, file.name)
        assert found.verdict is not Verdict.BLOCK, (file.name, found.findings[:2])


@needs_data
def test_real_bulk_mails_are_not_blocked() -> None:
    lines = (_data() / "mozilla_emails" / "emails.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[::4]:
        record = json.loads(line)
        subjects = record["subjects"] or [""]
        body = record["body"]
        text = body if isinstance(body, str) else "\n\n".join(str(item) for item in body)
        view = MailView.from_parts(subject=str(subjects[0]), text=text)
        found = screen(view, LONE, PACKS, record["id"])
        assert found.verdict is not Verdict.BLOCK, (record["id"], found.findings[:2])


@needs_data
@pytest.mark.parametrize("group", ["spam-1", "hard-ham-1"])
def test_real_messages_never_fail(group: str) -> None:
    folder = _data() / "spamassassin" / "eml" / group
    for file in sorted(folder.glob("*.eml"))[::8]:
        found = screen(MailView.from_file(file), LONE, PACKS, file.name)
        assert 0 <= found.spam_score <= 1000
