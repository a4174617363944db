"""What an import takes, mends and refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from audience_samples import a_contact, outcomes, read, reasons
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.audience import (
    Consent,
    ConsentKind,
    Contact,
    ContactStatus,
    RowOutcome,
    Salutation,
)
from contracts.errors import BadInput
from personalize.audience import BadContacts

TAKEN, MENDED, REFUSED = RowOutcome.TAKEN, RowOutcome.MENDED, RowOutcome.REFUSED


def file_of(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def one(tmp_path: Path, header: str, row: str) -> Contact:
    return read(file_of(tmp_path, header, row)).contacts[0]


def test_a_german_row_becomes_a_contact(tmp_path: Path) -> None:
    contact = one(
        tmp_path,
        "Anrede;Titel;Vorname;Nachname;Firma;Funktion;Branche;Land;Sprache;E-Mail;Herkunft;"
        "Einwilligung;Einwilligung am;Einwilligungstext;Status",
        "Frau;Dr.;Katharina;Weißgerber;Feinkost KG;Leiterin Instandhaltung;Lebensmittel;"
        "Deutschland;deutsch;k.w@feinkost.example;Webinar;Double-Opt-in;17.03.2026;Ja, gern;aktiv",
    )
    assert contact == Contact(
        id="new_1",
        email="k.w@feinkost.example",
        first_name="Katharina",
        last_name="Weißgerber",
        salutation=Salutation.MS,
        title="Dr.",
        company="Feinkost KG",
        job_title="Leiterin Instandhaltung",
        role="maintenance",
        industry="food",
        country="DE",
        language="de",
        language_reason="own field: deutsch",
        source="Webinar",
        consent=Consent(ConsentKind.DOUBLE_OPT_IN, date(2026, 3, 17), "", "Ja, gern"),
    )


def test_a_chinese_row_with_the_name_in_one_cell(tmp_path: Path) -> None:
    contact = one(
        tmp_path,
        "姓名,称谓,公司,职位,行业,国家,邮箱,同意,同意日期",
        "欧阳文博,先生,翊岑底盘系统（合肥）有限公司,生产总监,汽车零部件,中国,o@yicen.example,同意,2026年3月12日",
    )
    assert (contact.last_name, contact.first_name) == ("欧阳", "文博")
    assert contact.salutation is Salutation.MR
    assert (contact.industry, contact.country, contact.language) == ("automotive", "CN", "zh-Hans")
    assert contact.language_reason == "country CN"
    assert contact.consent == Consent(ConsentKind.EXPRESS, date(2026, 3, 12))


def test_a_gender_is_never_guessed(tmp_path: Path) -> None:
    assert one(tmp_path, "Vorname,E-Mail", "Petra,p@x.example").salutation is Salutation.UNKNOWN


@pytest.mark.parametrize(
    "cell, email",
    [
        (" a@x.example ", "a@x.example"),
        ("mailto:a@x.example", "a@x.example"),
        ("Anna Huber <a@x.example>", "a@x.example"),
        ("ａ＠x.example", "a@x.example"),
        ("a\u200b@x.example", "a@x.example"),
        ("a@x.example.", "a@x.example"),
        ("A.Huber@Firma.EXAMPLE", "A.Huber@firma.example"),
        ("m@brauerei-grün.example", "m@xn--brauerei-grn-nlb.example"),
        ("\u3000a@x.example\u00a0", "a@x.example"),
    ],
)
def test_addresses_are_mended_where_nothing_is_lost(tmp_path: Path, cell: str, email: str) -> None:
    reading = read(file_of(tmp_path, "name;email", f"A B;{cell}"))
    assert reading.contacts[0].email == email
    assert outcomes(reading.report) == [MENDED]
    assert reasons(reading.report, 1)


@pytest.mark.parametrize(
    "cell, says",
    [
        ("", "no address"),
        ("a.x.example", "no @"),
        ("a@x,example", "comma"),
        ("a..b@x.example", "two dots"),
        ("a b@x.example", "blank"),
        ("zhang\u3000chao@x.example", "blank"),
        ("a@x.example b@x.example", "more than one"),
        ("a@x", "no dot"),
        ("@x.example", "lacks"),
        (".a@x.example", "dot"),
        ("müller@x.example", "letters"),
        ("a@mail.invalid", "not a valid"),
        ("=a@x.example", "formula"),
        ("info@x.example", "function"),
        ("Einkauf@x.example", "function"),
        ("no-reply@x.example", "function"),
        ("sales2+de@x.example", "function"),
    ],
)
def test_other_addresses_are_refused_with_a_reason(tmp_path: Path, cell: str, says: str) -> None:
    reading = read(file_of(tmp_path, "name;email", f"A B;{cell}"))
    assert reading.contacts == ()
    assert outcomes(reading.report) == [REFUSED]
    assert says in reasons(reading.report, 1)[0]
    assert not cell.strip() or cell not in " ".join(reasons(reading.report, 1))


def test_texts_are_mended_and_it_is_said(tmp_path: Path) -> None:
    reading = read(
        file_of(
            tmp_path,
            "Vorname;Nachname;Firma;Funktion;E-Mail",
            " Stefan\u00a0 ;  Bo\u0308hm\u200b; Werk\u0007 Süd;Leiter;a@x.example",
            "ROBERT;VON DER HEIDE;SORREL RIDGE GMBH;PLANT ENGINEER;b@x.example",
            "MÃ¼ller;X Y;Z;;c@x.example",
            "LI;;BMW AG;CEO;d@x.example",
        )
    )
    first, second, third, fourth = reading.contacts
    assert (first.first_name, first.last_name, first.company) == ("Stefan", "Böhm", "Werk Süd")
    assert (second.first_name, second.last_name) == ("Robert", "von der Heide")
    assert (second.company, second.job_title) == ("Sorrel Ridge GmbH", "Plant Engineer")
    assert third.first_name == "Müller"
    assert (fourth.first_name, fourth.company) == ("LI", "BMW AG")
    assert outcomes(reading.report) == [MENDED, MENDED, MENDED, TAKEN]


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        "+1+2",
        "@SUM(A1)",
        "-2+3",
        "＝1+1",
        "x@y.example",
        "www.x.example",
        "<b>Anna</b>",
        "[[first_name]]",
        "A" * 81,
    ],
)
def test_names_that_are_none_are_refused(tmp_path: Path, name: str) -> None:
    reading = read(file_of(tmp_path, "Nachname;E-Mail", f"{name};a@x.example"))
    assert outcomes(reading.report) == [REFUSED]
    assert name not in " ".join(reasons(reading.report, 1))


def test_marks_in_front_of_a_company_are_taken_off_and_long_ones_cut(tmp_path: Path) -> None:
    reading = read(
        file_of(tmp_path, "Firma;E-Mail", "+Pluswerk AG;a@x.example", f"{'Ä' * 300};b@x.example")
    )
    assert [c.company for c in reading.contacts] == ["Pluswerk AG", "Ä" * 250]
    assert outcomes(reading.report) == [MENDED, MENDED]


def test_placeholders_are_empty(tmp_path: Path) -> None:
    contact = one(tmp_path, "Vorname;Firma;Land;E-Mail", "-;k. A.;n/a;a@x.example")
    assert (contact.first_name, contact.company, contact.country) == ("", "", "")


@pytest.mark.parametrize(
    "word, kind, status",
    [
        ("Double-Opt-in", ConsentKind.DOUBLE_OPT_IN, ContactStatus.ACTIVE),
        ("DOI", ConsentKind.DOUBLE_OPT_IN, ContactStatus.ACTIVE),
        ("opt-in", ConsentKind.EXPRESS, ContactStatus.ACTIVE),
        ("ja", ConsentKind.EXPRESS, ContactStatus.ACTIVE),
        ("Yes", ConsentKind.EXPRESS, ContactStatus.ACTIVE),
        ("同意", ConsentKind.EXPRESS, ContactStatus.ACTIVE),
        ("Bestandskunde", ConsentKind.CUSTOMER, ContactStatus.ACTIVE),
        ("老客户", ConsentKind.CUSTOMER, ContactStatus.ACTIVE),
        ("keine", ConsentKind.NONE, ContactStatus.ACTIVE),
        ("nein", ConsentKind.NONE, ContactStatus.ACTIVE),
        ("", ConsentKind.NONE, ContactStatus.ACTIVE),
        ("vielleicht", ConsentKind.NONE, ContactStatus.ACTIVE),
        ("widersprochen", ConsentKind.REFUSED, ContactStatus.UNSUBSCRIBED),
        ("不同意", ConsentKind.REFUSED, ContactStatus.UNSUBSCRIBED),
        ("opt-out", ConsentKind.REFUSED, ContactStatus.UNSUBSCRIBED),
    ],
)
def test_consent_as_people_write_it(
    tmp_path: Path, word: str, kind: ConsentKind, status: ContactStatus
) -> None:
    contact = one(tmp_path, "E-Mail;Einwilligung", f"a@x.example;{word}")
    assert (contact.consent.kind, contact.status) == (kind, status)


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-03-12T10:00:00Z", date(2026, 3, 12)),
        ("2026/5/12", date(2026, 5, 12)),
        ("12.03.2026", date(2026, 3, 12)),
        ("03/17/2026", date(2026, 3, 17)),
        ("17/03/2026", date(2026, 3, 17)),
        ("4/4/2026", date(2026, 4, 4)),
        ("2026年3月12日", date(2026, 3, 12)),
        ("12. März 2026", date(2026, 3, 12)),
        ("March 12, 2026", date(2026, 3, 12)),
        ("3/12/2026", None),
        ("31.02.2026", None),
        ("gestern", None),
        ("46093", None),
    ],
)
def test_dates(tmp_path: Path, text: str, day: date | None) -> None:
    path = file_of(tmp_path, "E-Mail;Einwilligung;Einwilligung am", f"a@x.example;ja;{text}")
    reading = read(path)
    assert reading.contacts[0].consent.at == day
    said = any("date of consent" in reason for reason in reasons(reading.report, 1))
    assert said is (day is None)


def test_unknown_values_are_said_and_left_empty(tmp_path: Path) -> None:
    reading = read(
        file_of(
            tmp_path,
            "E-Mail;Branche;Land;Sprache;Blutgruppe",
            "a@x.example;Sonstiges;Atlantis;Klingonisch;0",
        )
    )
    contact = reading.contacts[0]
    assert (contact.industry, contact.country, contact.language) == ("", "", "")
    assert len(reasons(reading.report, 1)) == 3
    assert outcomes(reading.report) == [TAKEN]
    assert reading.report.unknown_columns == ("Blutgruppe",)


def test_a_status_that_is_not_known_is_not_written_to(tmp_path: Path) -> None:
    reading = read(file_of(tmp_path, "E-Mail;Status", "a@x.example;ruht"))
    assert outcomes(reading.report) == [REFUSED]


def test_duplicates_name_the_row_that_won(tmp_path: Path) -> None:
    reading = read(
        file_of(
            tmp_path,
            "Vorname;Nachname;E-Mail",
            "Anna;Huber;a..@x.example",
            "Anna;Huber;a.huber@x.example",
            "Anna;Huber;A.Huber@X.example",
            "Huber;Anna;a.huber+messe@x.example",
            "Ben;Huber;a.huber+ben@x.example",
        )
    )
    assert outcomes(reading.report) == [REFUSED, TAKEN, REFUSED, REFUSED, TAKEN]
    assert reasons(reading.report, 3) == ("same address as row 2",)
    assert reasons(reading.report, 4) == ("same mailbox and person as row 2",)


def test_a_name_in_han_and_the_same_in_letters_at_one_mailbox(tmp_path: Path) -> None:
    reading = read(
        file_of(
            tmp_path,
            "Vorname;Nachname;E-Mail",
            "建国;王;wang.jianguo@x.example",
            "Jianguo;Wang;wang.jianguo+web@x.example",
            "Lina;Wang;wang.jianguo+lina@x.example",
        )
    )
    assert outcomes(reading.report) == [TAKEN, REFUSED, TAKEN]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_unsubscribed_row_wins_wherever_it_stands(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    rows = ["Anna;Huber;a@x.example;ja;aktiv", "Anna;Huber;A@x.example;ja;abgemeldet"]
    reading = read(
        file_of(tmp_path, "Vorname;Nachname;E-Mail;Einwilligung;Status", *(rows[n] for n in order))
    )
    assert len(reading.contacts) == 1
    assert reading.contacts[0].status is ContactStatus.UNSUBSCRIBED
    assert reading.contacts[0].consent.kind is ConsentKind.REFUSED
    refused = next(r for r in reading.report.rows if r.outcome is REFUSED)
    assert "which is unsubscribed" in refused.reasons[0]


def test_a_refusal_is_remembered_even_where_the_row_is_bad(tmp_path: Path) -> None:
    reading = read(
        file_of(
            tmp_path,
            "Nachname;E-Mail;abgemeldet",
            "=1+1;a@x.example;ja",
            "B;info@x.example;x",
            "C;c@x.example;2026-01-05",
            "D;d@x.example;nein",
        )
    )
    assert [c.status for c in reading.contacts] == [
        ContactStatus.UNSUBSCRIBED,
        ContactStatus.UNSUBSCRIBED,
        ContactStatus.UNSUBSCRIBED,
        ContactStatus.ACTIVE,
    ]
    assert reading.contacts[0].last_name == ""


KNOWN = a_contact(
    first_name="Anna",
    company="Alt GmbH",
    language="de",
    language_reason="own field: deutsch",
    consent=Consent(ConsentKind.DOUBLE_OPT_IN, date(2026, 1, 1), "Webinar", "Ja"),
)


def test_a_known_contact_keeps_its_id_and_what_the_file_leaves_empty(tmp_path: Path) -> None:
    path = file_of(tmp_path, "Nachname;Firma;Land;E-Mail", "Huber;Neu AG;UK;A.Huber@firma.example")
    contact = read(path, {KNOWN.email: KNOWN}.get).contacts[0]
    assert contact == replace(KNOWN, last_name="Huber", company="Neu AG", country="GB")


@pytest.mark.parametrize(
    "word, kind",
    [
        ("", "double_opt_in"),
        ("ja", "double_opt_in"),
        ("nein", "double_opt_in"),
        ("opt-out", "refused"),
    ],
)
def test_consent_on_record_gives_way_to_a_refusal_only(
    tmp_path: Path, word: str, kind: str
) -> None:
    path = file_of(tmp_path, "E-Mail;Einwilligung", f"{KNOWN.email};{word}")
    assert read(path, {KNOWN.email: KNOWN}.get).contacts[0].consent.kind == kind


def test_an_import_never_brings_an_unsubscribed_person_back(tmp_path: Path) -> None:
    gone = replace(KNOWN, status=ContactStatus.UNSUBSCRIBED, consent=Consent(ConsentKind.REFUSED))
    path = file_of(tmp_path, "E-Mail;Einwilligung;Status", f"{gone.email};Double-Opt-in;aktiv")
    contact = read(path, {gone.email: gone}.get).contacts[0]
    assert contact.status is ContactStatus.UNSUBSCRIBED
    assert contact.consent.kind is ConsentKind.REFUSED


def test_without_a_column_of_addresses_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadContacts, match='columns seen: "Vorname", "Firma"') as caught:
        read(file_of(tmp_path, "Vorname;Firma", "Anna;X"))
    assert '"email"' in str(caught.value)
    with pytest.raises(BadContacts) as caught:
        read(file_of(tmp_path, "Anna;anna@x.example", "Ben;ben@x.example"))
    assert "anna@x.example" not in str(caught.value)


def test_rows_with_too_many_cells_are_refused(tmp_path: Path) -> None:
    reading = read(file_of(tmp_path, "Firma,E-Mail", "Müller, Sohn,a@x.example", "B,b@x.example"))
    assert outcomes(reading.report) == [REFUSED, TAKEN]


def test_the_sample_contacts(tmp_path: Path) -> None:
    del tmp_path
    path = Path(__file__).resolve().parents[4] / "examples" / "contacts.csv"
    reading = read(path)
    assert reading.report.encoding == "utf-8 (with mark)"
    assert reading.report.delimiter == ";"
    assert reading.report.unknown_columns == ()
    assert len(reading.report.rows) == 80
    assert reading.report.count(REFUSED) == 17
    assert sum(c.status is ContactStatus.UNSUBSCRIBED for c in reading.contacts) == 4
    assert all(
        c.industry
        for c in reading.contacts
        if c.company not in {"Tarrow & Co.", "Weberei Aschental GmbH"}
    )
    assert {c.language for c in reading.contacts} == {"de", "en", "zh-Hans", ""}


CELLS = st.one_of(
    st.sampled_from(
        ["a@x.example", "A@X.example", "a+t@x.example", "b@x.example", "info@x.example"]
    ),
    st.sampled_from(["ja", "nein", "abgemeldet", "aktiv", "12.03.2026", "=1+1", "王伟", "ANNA"]),
    st.text(max_size=15),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8))
def test_any_rows_are_accounted_for_once_and_the_same_each_time(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    import csv

    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            ["Vorname", "Nachname", "E-Mail", "Einwilligung", "Einwilligung am", "Status"]
        )
        writer.writerows(rows)
    reading = read(path)
    assert reading == read(path)
    report = reading.report
    assert len(reading.contacts) == report.count(TAKEN) + report.count(MENDED)
    assert len(report.rows) == report.count(REFUSED) + len(reading.contacts)
    assert all(row.reasons for row in report.rows if row.outcome is not TAKEN)
    addresses = [contact.email.casefold() for contact in reading.contacts]
    assert len(addresses) == len(set(addresses))
    for contact in reading.contacts:
        kept = (contact.first_name, contact.last_name, contact.company, contact.email)
        assert not any(text.startswith(("=", "+", "@", "-")) for text in kept)
        assert all(c.isprintable() for text in kept for c in text)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=250), st.sampled_from([b"", b"email;name\n", b"E-Mail,Vorname\r\n"]))
def test_any_bytes_are_contacts_or_bad_input(tmp_path: Path, tail: bytes, head: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(head + tail)
    try:
        reading = read(path)
    except BadInput:
        return
    assert reading == read(path)
