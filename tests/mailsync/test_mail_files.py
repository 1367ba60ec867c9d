"""Reading mails out of files, also out of hostile ones."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.mail.message import MAX_RAW_BYTES
from mailsync.mail_files import FileMail, find_mail_files, read_mails
from tests.mailsync.mail import make_mail

FROM = b"From jane@client.example Mon Mar  2 10:00:00 2026\n"


def read(path: Path) -> list[FileMail]:
    return list(read_mails(find_mail_files(path)))


def plain(number: int, body: str = "Hello.\n") -> bytes:
    return make_mail(number, body=body).replace(b"\r\n", b"\n")


def test_an_mbox_gives_its_mails_back_to_the_byte(tmp_path: Path) -> None:
    first, second = plain(1, "One.\n\nTwo.\n"), plain(2)
    path = tmp_path / "past.mbox"
    path.write_bytes(FROM + first + b"\n" + FROM + second + b"\n")
    mails = read(path)
    assert [mail.raw for mail in mails] == [first, second]
    assert mails[0].received_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert mails[-1].position == path.stat().st_size


def test_quoted_from_lines_lose_exactly_one_mark(tmp_path: Path) -> None:
    path = tmp_path / "past.mbox"
    path.write_bytes(FROM + plain(1, "\n>From here on\n>>From there\n> From quoted\n") + b"\n")
    (mail,) = read(path)
    assert mail.raw.endswith(b"\n\nFrom here on\n>From there\n> From quoted\n")


def test_an_unquoted_from_line_in_a_text_ends_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "past.mbox"
    body = "A.\n\nFrom 10:00 on we are open.\nCome in.\n\nFrom Zoe\n\nNot after a blank:\nFrom x\n"
    path.write_bytes(FROM + plain(1, body) + b"\n" + FROM + plain(2) + b"\n")
    assert [b"10:00" in mail.raw for mail in read(path)] == [True, False]


def test_an_mbox_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "past.mbox"
    lines = FROM.replace(b"\n", b"\r\n")
    path.write_bytes(lines + make_mail(1) + b"\r\n" + lines + make_mail(2) + b"\r\n")
    assert [mail.raw for mail in read(path)] == [make_mail(1), make_mail(2)]


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "past.mbox"
    body = "x" * 300_000 + "\nFrom the end\n"
    path.write_bytes(FROM + plain(1, body) + b"\n" + FROM + plain(2) + b"\n")
    assert [mail.raw for mail in read(path)] == [plain(1, body), plain(2)]


def test_a_maildir_gives_time_and_flags_and_leaves_tmp_alone(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "cur" / "1772445600.1.host:2,FS").write_bytes(plain(1))
    (tmp_path / ".Sent" / "cur" / "1772445601.2.host:2,D").write_bytes(plain(2))
    (tmp_path / "tmp" / "1772445602.3.host").write_bytes(plain(3))
    (tmp_path / "dovecot-uidlist").write_bytes(b"3 V1 N1\n")
    found = {mail.raw: mail for mail in read(tmp_path)}
    assert set(found) == {plain(1), plain(2)}
    assert found[plain(1)].flags == ("flagged", "seen")
    assert found[plain(1)].received_at == datetime.fromtimestamp(1772445600, UTC)
    assert found[plain(2)].flags == ("draft",)


def test_a_folder_of_eml_files_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, number in (("b.eml", 2), ("a.EML", 1), ("sub/c.eml", 3)):
        (tmp_path / name).write_bytes(plain(number))
    (tmp_path / "notes.txt").write_text("not a mail")
    assert [mail.raw for mail in read(tmp_path)] == [plain(1), plain(2), plain(3)]


def test_one_file_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(plain(1))
    (mail,) = read(path)
    assert (mail.raw, mail.received_at, mail.oversize) == (plain(1), None, False)


def test_links_and_pipes_in_a_folder_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "real.eml").write_bytes(plain(1))
    os.mkfifo(tmp_path / "pipe.eml")
    (tmp_path / "link.eml").symlink_to(tmp_path / "real.eml")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(read(tmp_path)) == 1


def test_a_mail_beyond_the_limit_keeps_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "past.mbox"
    with path.open("wb") as file:
        file.write(FROM + plain(1))
        for _ in range(MAX_RAW_BYTES // 1_000_000 + 1):
            file.write(b"x" * 999_999 + b"\n")
        file.write(b"\n" + FROM + plain(2) + b"\n")
    large, small = read(path)
    assert (large.oversize, small.oversize) == (True, False)
    assert large.size > MAX_RAW_BYTES
    assert len(large.raw) < 200_000
    assert large.raw.startswith(b"From: Jane")
    assert small.raw == plain(2)


def test_an_absent_path_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        find_mail_files(tmp_path / "nothing")
