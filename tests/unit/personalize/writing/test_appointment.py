from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import brief, edition, variant
from writing_samples import SENDER

from contracts.errors import BadInput
from contracts.mail import ModuleKind
from personalize.writing.appointment import appointment


def lines(data: bytes) -> dict[str, str]:
    """Unfolded content lines by their name with parameters (RFC 5545, 3.1)."""
    assert data.endswith(b"\r\n")
    unfolded = data.replace(b"\r\n ", b"").decode("utf-8")
    return {line.partition(":")[0]: line.partition(":")[2] for line in unfolded.split("\r\n")}


def unescaped(value: str) -> str:
    out, rest = "", value
    while rest:
        if rest[0] == "\\":
            out, rest = out + {"n": "\n"}.get(rest[1], rest[1]), rest[2:]
        else:
            out, rest = out + rest[0], rest[1:]
    return out


def made(language: str = "en", **event: object) -> dict[str, str]:
    base = {"title": "Open day", "start": "2027-01-12T10:00:00+01:00"}
    file = appointment(brief(event={**base, **event}), SENDER, language)
    assert file is not None
    return lines(file.data)


def test_an_event_goes_with_the_mail_in_its_language() -> None:
    mail = edition(variant("de"), brief=brief())
    (file,) = mail.attachments
    assert (file.name, file.media_type) == (
        "spring.ics",
        "text/calendar; charset=utf-8; method=PUBLISH",
    )
    said = lines(file.data)
    assert said["SUMMARY;LANGUAGE=de"] == "Überwachung in der Praxis"
    assert (said["DTSTART"], said["DTEND"]) == ("20270112T090000Z", "20270112T094500Z")
    assert said["METHOD"] == "PUBLISH"
    assert said["URL"] == "https://probe.example/event"
    assert said['ORGANIZER;CN="Ada Probe"'] == "mailto:ada@probe.example"


def test_a_mail_that_tells_of_no_event_has_no_calendar_file() -> None:
    assert edition(variant("en", without=(ModuleKind.EVENT,)), brief=brief()).attachments == ()
    assert edition(brief=brief(event=None)).attachments == ()
    assert edition().attachments == ()


def test_the_event_keeps_its_name_whatever_changes() -> None:
    assert made()["UID"] == made("de", title="Tag der offenen Tür", place="Hamburg")["UID"]
    other = appointment(brief(name="autumn"), SENDER, "en")
    assert other is not None
    assert lines(other.data)["UID"] != made()["UID"]


def test_two_compilations_are_the_same_mail() -> None:
    assert edition(brief=brief()).id == edition(brief=brief()).id


def test_text_is_escaped_and_points_are_lines() -> None:
    said = made(title="A; b, c \\ d", agenda={"": ["One", "Two, three"]}, place="Hall 4; stand 5")
    assert said["SUMMARY;LANGUAGE=en"] == "A\\; b\\, c \\\\ d"
    assert said["DESCRIPTION;LANGUAGE=en"] == "- One\\n- Two\\, three"
    assert said["LOCATION;LANGUAGE=en"] == "Hall 4\\; stand 5"


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
    ).filter(str.strip)
)
def test_any_title_arrives_in_lines_of_at_most_75_octets(title: str) -> None:
    file = appointment(brief(event={"title": title, "start": "2027-01-12T10:00:00Z"}), SENDER, "ja")
    assert file is not None
    assert all(len(line) <= 75 for line in file.data.split(b"\r\n"))
    for line in file.data.split(b"\r\n"):
        line.decode("utf-8")  # no character is cut in two
    assert unescaped(lines(file.data)["SUMMARY;LANGUAGE=ja"]) == title.strip()


def test_a_field_of_a_recipient_cannot_stand_in_a_calendar_file() -> None:
    with pytest.raises(BadInput, match="calendar"):
        edition(brief=brief(event={"title": "[[company]]", "start": "2027-01-12T10:00:00Z"}))
