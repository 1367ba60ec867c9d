"""Handing mail over to a real server for submission."""

from pathlib import Path
from typing import Any

import pytest

from mailsync.providers.errors import AuthorizationLost, Permanent, Throttled, Transient, Unsure
from mailsync.providers.smtp import SmtpAccount, check, submit
from tests.mailsync.submission import Submission, start, submission

__all__ = ["submission"]

RAW = b"From: ana@ours.example\r\nSubject: Hello\r\n\r\nFirst.\r\n.dot\r\nLast."
TO = ["jane@client.example", "omar@client.example"]


@pytest.fixture(autouse=True)
def private_hosts(settings: Any) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = True


def hand_over(account: SmtpAccount, raw: bytes = RAW) -> None:
    submit(account, "ana@ours.example", TO, raw)


def test_a_mail_reaches_the_server_as_it_was_written(submission: Submission) -> None:
    hand_over(submission.account())
    (taken,) = submission.taken
    assert (taken.sender, taken.recipients) == ("ana@ours.example", TO)
    assert taken.raw == RAW + b"\r\n"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_proven_before_the_password_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    server = start(tmp_path, security)
    try:
        with pytest.raises(Permanent, match="certificate"):
            check(server.account())
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        hand_over(server.account())
    finally:
        server.stop()
    assert len(server.taken) == 1


def test_a_server_without_starttls_gets_no_password(submission: Submission) -> None:
    account = submission.account()
    with pytest.raises(Permanent, match="STARTTLS"):
        check(SmtpAccount(account.host, account.port, "starttls", "ana", "secret"))


def test_without_tls_only_this_machine_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(2, 1, 6, "", ("198.51.100.7", 587))]
    monkeypatch.setattr("mailsync.hosts.socket.getaddrinfo", lambda *_, **__: asked)
    with pytest.raises(Permanent, match="Without TLS"):
        check(SmtpAccount("smtp.example", 587, "none", "ana", "secret"))


def test_a_host_in_a_private_network_is_refused(settings: Any, submission: Submission) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = False
    with pytest.raises(Permanent, match="private network"):
        check(submission.account())


def test_a_wrong_password_is_the_owners_to_repair(submission: Submission) -> None:
    with pytest.raises(AuthorizationLost):
        check(submission.account(password="wrong"))


def test_one_refused_recipient_keeps_the_mail_from_all(submission: Submission) -> None:
    submission.answers["RCPT omar@client.example"] = "550 no such user"
    with pytest.raises(Permanent, match=r"omar@client\.example: no such user"):
        hand_over(submission.account())
    assert submission.taken == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 greylisted", Transient),
        ("452 too many messages", Throttled),
        ("421 going down", Throttled),
        ("554 spam", Permanent),
    ],
)
def test_what_the_server_says_of_the_mail_becomes_an_error_of_the_house(
    submission: Submission, answer: str, error: type[Exception]
) -> None:
    submission.answers["DATA"] = answer
    with pytest.raises(error):
        hand_over(submission.account())


def test_a_connection_that_breaks_after_the_mail_leaves_it_open(submission: Submission) -> None:
    submission.cuts.add("DATA")
    with pytest.raises(Unsure):
        hand_over(submission.account())
    assert len(submission.taken) == 1


def test_a_server_that_is_away_can_be_tried_again(submission: Submission) -> None:
    account = submission.account()
    submission.stop()
    with pytest.raises(Transient):
        hand_over(account)
