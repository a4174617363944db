"""What the law asks for and a mail lacks is added from what is on file: only that, once, where
a reader sees it, and never to the file that was given."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from contracts.audience import ConsentKind
from contracts.brief import Sender
from contracts.errors import BadInput
from contracts.verdict import Ruled, Severity, Verdict
from evaluation import MailView
from interface.cli.mend import mend
from workflow.briefs import load_sender
from workflow.mending import Proposal, propose

URL = "https://tarnow.example/stop?t=1"

GERMAN = (
    "Guten Tag,\n\nein verschlissenes Lager fällt in vielen Betrieben erst auf, wenn es laut "
    "wird. Eine Messung zeigt den Verschleiß früher.\n\nMit freundlichen Grüßen\nJana Reuter\n"
)
ENGLISH = (
    "Hello,\n\nplants in your trade often find a worn bearing only when it gets loud. A reading "
    "shows it weeks earlier, and the repair fits into a planned stop.\n\nJo Reed\n"
)
CHINESE = (
    "您好！\n\n很多工厂的轴承磨损，往往要等到机器发出异响才被发现。振动监测可以提前数周看到变化，"
    "检修便能安排在计划停机时进行。\n\n梁思敏\n"
)
ARABIC = (
    "مرحبًا،\n\nغالبًا لا تُكتشف المحامل البالية في المصانع إلا عندما يصدر عنها ضجيج. يُظهر القياس "
    "التآكل قبل ذلك بأسابيع، فيُجرى الإصلاح خلال توقف مخطط له.\n\nمع التحية\n"
)


SENDER_FILE = """
legal_name: Tarnow Pumpen GmbH
from_name: Tarnow
from_address: jana@tarnow.example
signatory: {name: Jana Reuter}
postal_address: [Hafenweg 3, 20457 Hamburg]
country: DE
phone: "+49 40 66969 111"
email: kontakt@tarnow.example
registration: Amtsgericht Hamburg, HRB 999997
vat_id: DE999999997
representative: Ilse Kranz
refusal_mailbox: abmelden@tarnow.example
privacy_policy: {"": "https://tarnow.example/privacy"}
"""


@pytest.fixture(scope="session")
def sender(tmp_path_factory: pytest.TempPathFactory) -> Sender:
    return load_sender(sender_file(tmp_path_factory.mktemp("senders")))


def sender_file(folder: Path) -> Path:
    path = folder / "tarnow.yaml"
    path.write_text(SENDER_FILE, encoding="utf-8")
    return path


def as_mail(subject: str, text: str = "", html: str = "", **fields: str) -> EmailMessage:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "Jana Reuter <jana@tarnow.example>"
    mail["To"] = "anna@kunde.example"
    mail["Subject"] = subject
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text)
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    return mail


def as_page(text: str, language: str) -> str:
    rows = "".join(f"<p>{row}</p>" for row in text.strip().split("\n\n"))
    return f'<html lang="{language}"><head><title>x</title></head>\n<body>{rows}</body>\n</html>\n'


def kept(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def proposed(path: Path, sender: Sender, *countries: str, url: str = "") -> Proposal:
    return propose(
        path,
        sender,
        countries,
        unsubscribe_url=url,
        consent=ConsentKind.DOUBLE_OPT_IN,
        clock=lambda: datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    )


def blocks(proposal: Proposal) -> list[str]:
    after = proposal.after
    return [
        item.rule
        for item in after.findings
        if item.severity is Severity.BLOCK and item.jurisdiction
    ]


BODIES = [
    ("DE", "de", GERMAN, "Lager früher prüfen"),
    ("US", "en", ENGLISH, "Worn bearings, found earlier"),
    ("CN", "zh-Hans", CHINESE, "轴承磨损的早期发现"),
    ("ZZ", "ar", ARABIC, "اكتشاف تآكل المحامل مبكرًا"),
]


@pytest.mark.parametrize(("country", "language", "body", "subject"), BODIES)
@pytest.mark.parametrize("form", ["txt", "html", "eml", "eml-html", "eml-text"])
def test_a_bare_mail_is_lawful_once_mended_and_mended_only_once(
    tmp_path: Path,
    sender: Sender,
    form: str,
    country: str,
    language: str,
    body: str,
    subject: str,
) -> None:
    page = as_page(body, language)
    contents: dict[str, str | bytes] = {
        "txt": f"Subject: {subject}\n\n{body}",
        "html": page,
        "eml": as_mail(subject, body, page).as_bytes(),
        "eml-html": as_mail(subject, html=page).as_bytes(),
        "eml-text": as_mail(subject, text=body).as_bytes(),
    }
    path = kept(tmp_path, f"mail.{form[:4].rstrip('-')}", contents[form])
    first = proposed(path, sender, country, url=URL)
    assert first.before.verdict is Verdict.BLOCK
    assert blocks(first) == []
    assert path.read_bytes() == kept(tmp_path, "copy", contents[form]).read_bytes()

    mended = tmp_path / f"mended{path.suffix}"
    first.write(mended)
    again = proposed(mended, sender, country, url=URL)
    assert not again.changed
    assert again.content == mended.read_bytes()


def test_the_difference_shows_every_added_word_and_the_subject(
    tmp_path: Path, sender: Sender
) -> None:
    path = kept(tmp_path, "m.eml", as_mail("轴承磨损", CHINESE).as_bytes())
    proposal = proposed(path, sender, "CN")
    assert proposal.subject == "广告 轴承磨损"
    assert "-轴承磨损\n+广告 轴承磨损" in proposal.diff
    assert "+发件人：Tarnow Pumpen GmbH" in proposal.diff
    old, new = MailView.from_file(path), MailView.from_bytes(proposal.content)
    assert new.text.startswith(old.text.rstrip())
    shown = [row[1:] for row in proposal.diff.splitlines() if row.startswith("+")]
    assert all(row in shown for row in new.text[len(old.text) :].strip().splitlines())


def test_nothing_is_added_that_the_mail_says(tmp_path: Path, sender: Sender) -> None:
    body = f"{GERMAN}\nTarnow Pumpen GmbH\nHafenweg 3, 20457 Hamburg\nkontakt@tarnow.example\n"
    proposal = proposed(kept(tmp_path, "m.txt", body), sender, "DE")
    assert {"identity", "postal_address", "contact"}.isdisjoint(proposal.added["text"])
    assert {"representative", "registration", "vat", "unsubscribe"} <= set(proposal.added["text"])
    assert MailView.from_bytes(proposal.content).text.count("Hafenweg 3") == 1


def test_attachments_structure_and_headers_keep_every_byte(tmp_path: Path, sender: Sender) -> None:
    mail = as_mail("Lager", GERMAN, as_page(GERMAN, "de"), X_Odd="a,  b ;c")
    mail.add_attachment(bytes(range(256)) * 40, "application", "pdf", filename="Prüfbericht.pdf")
    raw = mail.as_bytes()
    proposal = proposed(kept(tmp_path, "m.eml", raw), sender, "DE")
    old, new = email.message_from_bytes(raw), email.message_from_bytes(proposal.content)
    assert [part.get_content_type() for part in new.walk()] == [
        part.get_content_type() for part in old.walk()
    ]
    assert new.items() == old.items()
    before, after = list(old.walk())[-1], list(new.walk())[-1]
    assert after.as_bytes() == before.as_bytes()
    end = raw[raw.rindex(b"Content-Type: application/pdf") :]
    assert proposal.content.endswith(end)
    assert set(proposal.added) == {"html", "text"}


def test_one_click_fields_only_with_an_https_address(tmp_path: Path, sender: Sender) -> None:
    path = kept(tmp_path, "m.eml", as_mail("Lager", GERMAN).as_bytes())
    without = email.message_from_bytes(proposed(path, sender, "DE").content)
    assert without["List-Unsubscribe"] is None
    assert "abmelden@tarnow.example" in MailView.from_bytes(without.as_bytes()).text
    plain = proposed(path, sender, "DE", url="http://tarnow.example/stop")
    assert "headers" not in plain.added
    given_url = email.message_from_bytes(proposed(path, sender, "DE", url=URL).content)
    assert given_url["List-Unsubscribe"] == f"<{URL}>, <mailto:abmelden@tarnow.example>"
    assert given_url["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_signature_that_the_change_breaks_is_named(tmp_path: Path, sender: Sender) -> None:
    mail = as_mail("Lager", GERMAN, DKIM_Signature="v=1; a=rsa-sha256; d=tarnow.example; b=AAAA")
    proposal = proposed(kept(tmp_path, "m.eml", mail.as_bytes()), sender, "DE")
    assert "DKIM" in " ".join(proposal.broken)
    assert b"DKIM-Signature: v=1" in proposal.content


def test_what_is_not_on_file_stays_open_and_is_said(tmp_path: Path, sender: Sender) -> None:
    poor = sender.model_copy(update={"vat_id": "", "privacy_policy": {}})
    proposal = propose(kept(tmp_path, "m.txt", GERMAN), poor, ["DE"])
    rules = {point.rule for point in proposal.left_open}
    assert {"de.vat", "de.privacy", "de.reason"} <= rules
    assert {"vat", "privacy", "reason"}.isdisjoint(proposal.added["text"])


def test_a_page_without_a_subject_is_told_its_label(tmp_path: Path, sender: Sender) -> None:
    proposal = proposed(kept(tmp_path, "m.html", as_page(CHINESE, "zh")), sender, "CN")
    assert "subject" not in proposal.added
    assert any("广告" in point.why for point in proposal.left_open)


def test_places_share_one_footer_and_one_label(tmp_path: Path, sender: Sender) -> None:
    path = kept(tmp_path, "m.txt", f"Subject: 轴承磨损\n\n{CHINESE}")
    proposal = proposed(path, sender, "CN", "DE", "ZZ")
    assert proposal.subject == "广告 轴承磨损"
    assert len(proposal.added["text"]) == len(set(proposal.added["text"]))
    assert {"refusal_address", "representative"} <= set(proposal.added["text"])
    assert blocks(proposal) == []


def test_labels_stack_only_where_both_places_ask(tmp_path: Path, sender: Sender) -> None:
    path = kept(tmp_path, "m.txt", f"Subject: 轴承磨损\n\n{CHINESE}")
    first = proposed(path, sender, "CN", "KR")
    assert first.subject == "广告 (광고)轴承磨损"
    assert [point.rule for point in first.left_open if "another place" in point.why]
    mended = kept(tmp_path, "again.txt", first.content)
    assert not proposed(mended, sender, "CN", "KR").changed
    behind = kept(tmp_path, "behind.txt", f"Subject: 轴承磨损 广告\n\n{CHINESE}")
    assert proposed(behind, sender, "CN").subject == "广告 轴承磨损"


def test_a_way_out_in_two_languages_says_which_is_which(tmp_path: Path, sender: Sender) -> None:
    proposal = proposed(kept(tmp_path, "m.html", as_page(GERMAN, "de")), sender, "KR", url=URL)
    html = proposal.content.decode()
    assert '<p lang="ko" dir="ltr"' in html
    assert list(proposal.added["html"]).count("unsubscribe") == 2
    assert blocks(proposal) == []


def test_a_mail_inside_the_mail_and_a_list_footer_stay_as_they_are(
    tmp_path: Path, sender: Sender
) -> None:
    inner = as_mail("Anfrage", "Bitte um Rückruf.\n")
    mail = as_mail("Lager", GERMAN, as_page(GERMAN, "de"))
    mail.add_attachment(inner)
    mail.add_attachment(b"-- \nListe Technik\n", "text", "plain", disposition="inline")
    raw = mail.as_bytes()
    content = proposed(kept(tmp_path, "m.eml", raw), sender, "DE").content
    end = raw[raw.index(b"Content-Type: message/rfc822") :]
    assert content.endswith(end)
    parts = [part for part in email.message_from_bytes(content).walk() if not part.is_multipart()]
    assert b"Registereintrag" in (parts[0].get_payload(decode=True) or b"")
    assert b"Registereintrag" in (parts[1].get_payload(decode=True) or b"")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_a_part_keeps_its_encoding(tmp_path: Path, sender: Sender, encoding: str) -> None:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = "Lager"
    mail.set_content(GERMAN, cte=encoding)
    content = proposed(kept(tmp_path, "m.eml", mail.as_bytes()), sender, "DE").content
    new = email.message_from_bytes(content)
    assert new["Content-Transfer-Encoding"] == encoding
    shown = MailView.from_bytes(content).text.replace("\r\n", "\n")
    assert shown.startswith(GERMAN.rstrip())
    assert "Registereintrag" in shown


def test_an_encrypted_mail_is_refused(tmp_path: Path, sender: Sender) -> None:
    raw = b"Subject: x\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nAAAA\n"
    with pytest.raises(BadInput):
        propose(kept(tmp_path, "m.eml", raw), sender, ["DE"], language="de")


def test_the_box_can_be_read_by_everybody(tmp_path: Path, sender: Sender) -> None:
    proposal = proposed(kept(tmp_path, "m.html", as_page(ARABIC, "ar")), sender, "ZZ", url=URL)
    html = proposal.content.decode()
    box = html[html.index("<div lang=") :]
    assert box.startswith('<div lang="ar" dir="rtl"')
    assert html.rstrip().endswith("</div>\n</body>\n</html>")
    assert not [
        item for item in proposal.after.findings if item.rule.startswith("accessibility.contrast")
    ]
    assert f'<a href="{URL}"' in box


@pytest.mark.parametrize(
    "page",
    [
        "<body><p>{}</p><!-- </body> -->",
        "<body><p>{}</p></body><!-- </body></html> -->",
        "<p>{}</p>",
        "<body><p>{}</p><script>var x = '</body>'</script></body>",
        "<body><p>{}</p><textarea></body></textarea></html>",
        "<table><tr><td>{}</table></body></html></body>",
    ],
)
def test_the_box_goes_where_it_is_seen(tmp_path: Path, sender: Sender, page: str) -> None:
    path = kept(tmp_path, "m.html", page.format(GERMAN))
    proposal = proposed(path, sender, "DE")
    assert "Tarnow Pumpen GmbH" in MailView.from_html(proposal.content.decode()).visible


@pytest.mark.parametrize(
    "page",
    [
        "<body><p>{}</p><div style='display:none'>",
        "<body><p>{}</p><!-- ",
        "<body><p>{}</p><style>",
    ],
)
def test_markup_that_hides_its_end_is_said_and_left(
    tmp_path: Path, sender: Sender, page: str
) -> None:
    path = kept(tmp_path, "m.html", page.format(GERMAN))
    proposal = proposed(path, sender, "DE")
    if "html" in proposal.added:  # the reader's program closes what is open
        assert "Tarnow Pumpen GmbH" in MailView.from_html(proposal.content.decode()).visible
    else:
        assert any("hides" in point.why for point in proposal.left_open)
        assert not proposal.changed


def test_values_of_the_sender_are_no_markup(tmp_path: Path, sender: Sender) -> None:
    odd = sender.model_copy(update={"legal_name": '<img src=x onerror="1"> & Co GmbH'})
    html = propose(kept(tmp_path, "m.html", as_page(GERMAN, "de")), odd, ["DE"]).content.decode()
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_charsets_that_lack_a_letter(tmp_path: Path, sender: Sender) -> None:
    head = "Subject: Hello\nMIME-Version: 1.0\nContent-Type: {}; charset=us-ascii\n\n"
    odd = sender.model_copy(update={"legal_name": "Tarnów Łożyska GmbH"})
    text = propose(kept(tmp_path, "t.eml", head.format("text/plain") + ENGLISH), odd, ["US"])
    page = as_page(ENGLISH, "en")
    html = propose(kept(tmp_path, "h.eml", head.format("text/html") + page), odd, ["US"])
    assert "Tarnów Łożyska GmbH" in MailView.from_bytes(text.content).text
    assert b'charset="utf-8"' in text.content
    assert "Tarnów Łożyska GmbH" in MailView.from_bytes(html.content).visible
    assert max(len(line) for line in text.content.splitlines()) <= 998


def test_latin_page_and_windows_line_ends(tmp_path: Path, sender: Sender) -> None:
    page = as_page(GERMAN, "de").replace("<title>", '<meta charset="iso-8859-1"><title>')
    path = kept(tmp_path, "m.html", page.encode("latin-1"))
    assert "Registereintrag" in proposed(path, sender, "DE").content.decode("latin-1")
    text = kept(tmp_path, "m.txt", GERMAN.replace("\n", "\r\n"))
    content = proposed(text, sender, "DE").content
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/ x", 'https://a"b', "https://a\r\nBcc: x"]
)
def test_an_address_that_cannot_be_used_is_refused(
    tmp_path: Path, sender: Sender, url: str
) -> None:
    with pytest.raises(BadInput):
        proposed(kept(tmp_path, "m.txt", GERMAN), sender, "DE", url=url)


def test_no_country_no_language_no_room(tmp_path: Path, sender: Sender) -> None:
    path = kept(tmp_path, "m.txt", GERMAN)
    with pytest.raises(BadInput):
        proposed(path, sender)
    with pytest.raises(BadInput):
        proposed(kept(tmp_path, "odd.txt", "123"), sender, "DE")
    with pytest.raises(BadInput, match="new file"):
        proposed(path, sender, "DE").write(path)
    assert path.read_text(encoding="utf-8") == GERMAN


HOSTILE = st.binary(max_size=400) | st.sampled_from(
    [b"\r\n--b\r\n", b"--b--", b"\n\n", b"=", b"</body>", b"<!--", b"Content-Type: text/html\n"]
)


@given(st.lists(HOSTILE, max_size=6), st.sampled_from(["", "base64", "quoted-printable", "x"]))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_broken_mail_is_added_to_or_refused(
    tmp_path: Path, sender: Sender, pieces: list[bytes], encoding: str
) -> None:
    head = (
        "Subject: Lager\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    )
    raw = head.encode() + b"".join([GERMAN.encode(), *pieces, b"\n--b--\n"])
    path = kept(tmp_path, "m.eml", raw)
    try:
        proposal = propose(path, sender, ["DE"], language="de")
    except BadInput:
        return
    assert proposal.changed == (proposal.content != raw)
    assert path.read_bytes() == raw
    missed = {item.rule for item in proposal.after.certificate if item.verdict is Ruled.BLOCK}
    assert missed <= {item.rule for item in proposal.before.certificate}


def test_the_command_shows_and_writes_only_when_told(tmp_path: Path, sender: Sender) -> None:
    app = typer.Typer()
    app.command()(mend)
    path, who = kept(tmp_path, "m.txt", GERMAN), sender_file(tmp_path)
    said = [str(path), "--sender", str(who), "--country", "DE", "--consent", "express"]
    runner = CliRunner()
    shown = runner.invoke(app, said)
    assert shown.exit_code == 0
    assert "+Tarnow Pumpen GmbH" in shown.stdout
    assert sorted(item.name for item in tmp_path.iterdir()) == ["m.txt", "tarnow.yaml"]
    new = tmp_path / "new.txt"
    row = json.loads(runner.invoke(app, [*said, "--write", str(new), "--format", "json"]).stdout)
    assert row["changed"]
    assert row["written"] == str(new)
    assert (row["before"]["verdict"], row["after"]["verdict"] == "block") == ("block", False)
    assert "Tarnow Pumpen GmbH" in new.read_text(encoding="utf-8")
    assert runner.invoke(app, [*said, "--write", str(path)]).exit_code == 2
