import os
import time
from dataclasses import replace

import pytest
from delivery_samples import edition, envelope

from delivery import HandoverStatus, MaildirTransport, TransportSettingsRefused, TransportUnusable


def hand_over(folder, sent=None, raw=b"mail\r\n"):
    return MaildirTransport(folder).deliver(sent or envelope(), raw, "a@x.example", "b@x.example")


def files(folder):
    return sorted(path.name for path in (folder / "new").iterdir())


def test_a_mail_is_a_file_named_for_its_envelope(tmp_path):
    assert hand_over(tmp_path).status is HandoverStatus.TAKEN

    assert files(tmp_path) == [f"{envelope().key}.eml"]
    assert (tmp_path / "new" / files(tmp_path)[0]).read_bytes() == b"mail\r\n"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_second_handover_changes_nothing(tmp_path):
    hand_over(tmp_path, raw=b"first")

    assert hand_over(tmp_path, raw=b"second").status is HandoverStatus.TAKEN
    assert (tmp_path / "new" / files(tmp_path)[0]).read_bytes() == b"first"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_two_claims_of_one_envelope_are_one_mail(tmp_path):
    for claim in ("one", "two"):
        hand_over(tmp_path, replace(envelope(), claim=claim))

    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("name", ["{}.eml", "{}.eml:2,S"])
def test_it_knows_what_it_took_wherever_a_mail_program_moved_it(tmp_path, name):
    transport = MaildirTransport(tmp_path)
    assert transport.was_taken(envelope()) is False
    hand_over(tmp_path)
    assert transport.was_taken(envelope()) is True

    key = envelope().key
    (tmp_path / "new" / f"{key}.eml").rename(tmp_path / "cur" / name.format(key))
    assert transport.was_taken(envelope()) is True
    assert transport.was_taken(envelope(contact="c_2")) is False


def test_a_mail_that_somebody_read_is_not_written_again(tmp_path):
    hand_over(tmp_path)
    name = files(tmp_path)[0]
    (tmp_path / "new" / name).rename(tmp_path / "cur" / name)

    assert hand_over(tmp_path).status is HandoverStatus.TAKEN
    assert files(tmp_path) == []


def test_what_a_dead_worker_left_half_written_is_no_mail(tmp_path):
    transport = MaildirTransport(tmp_path)
    left = tmp_path / "tmp" / f"x-1-{envelope().key}.eml"
    left.write_bytes(b"half")

    assert transport.was_taken(envelope()) is False
    assert transport.deliver(envelope(), b"whole", "", "").status is HandoverStatus.TAKEN
    assert left.exists()  # it may be a living worker's

    old = time.time() - 40 * 3600
    os.utime(left, (old, old))
    MaildirTransport(tmp_path)
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_said_at_the_start(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(TransportSettingsRefused):
        MaildirTransport(tmp_path / "file")


def test_a_folder_that_vanishes_takes_no_mail(tmp_path):
    transport = MaildirTransport(tmp_path / "out")
    (tmp_path / "out" / "tmp").rmdir()

    with pytest.raises(TransportUnusable):
        transport.deliver(envelope(edition()), b"mail", "", "")


def test_two_folders_are_two_transports_and_one_folder_is_one(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    again = tmp_path / "b" / ".." / "a"

    assert MaildirTransport(a).mark != MaildirTransport(b).mark
    assert MaildirTransport(a).mark == MaildirTransport(again).mark
