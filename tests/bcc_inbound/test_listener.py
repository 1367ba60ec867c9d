"""The SMTP and LMTP door over a real socket: stored before it is answered, refused only for good
reasons, and asked again while the database is away."""

import logging
import smtplib
import socket
import threading
import time
from datetime import timedelta
from email.policy import SMTP
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts import tenancy
from bcc_inbound import listener
from bcc_inbound.models import Delivery, InboundAddress
from bcc_inbound.services.ensure_addresses import rotate_address
from bcc_inbound.smtp_door import KEPT, TRY_AGAIN, UNKNOWN
from bcc_inbound.wake import Waker
from tests.bcc_inbound.conftest import Server, a_mail, deliveries, free_port, give_addresses

UNKNOWN_TO = f"one-{'a' * 32}@in.threadwell.localhost"


def test_a_delivery_is_a_row_before_it_is_answered(live: SimpleNamespace, server: Server) -> None:
    mail = a_mail()
    assert server.send(mail, live.to_one) == {}
    (kept,) = deliveries(live)
    assert kept.state == Delivery.State.DUE
    assert bytes(kept.raw or b"") == mail.as_bytes(policy=SMTP)
    assert (kept.envelope_sender, kept.peer, kept.trusted_peer) == (
        "ana@ours.example",
        "127.0.0.1",
        True,
    )


def test_a_peer_that_is_not_named_is_not_trusted(
    live: SimpleNamespace, server: Server, settings: Any
) -> None:
    settings.INBOUND_TRUSTED_PEERS = ["10.0.0.0/8"]
    server.send(a_mail(), live.to_one)
    assert not deliveries(live)[0].trusted_peer


def test_an_unknown_address_is_refused_with_a_sentence(
    live: SimpleNamespace, server: Server
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        server.send(a_mail(), UNKNOWN_TO)
    code, text = refused.value.recipients[UNKNOWN_TO]
    assert f"{code} {text.decode()}" == UNKNOWN
    assert deliveries(live) == []


@pytest.mark.parametrize(
    "address",
    [
        UNKNOWN_TO,
        "one@in.threadwell.localhost",
        f"one-{'a' * 31}@in.threadwell.localhost",
        f"one-{'a' * 32}@elsewhere.example",
        "postmaster@in.threadwell.localhost",
    ],
)
def test_wrong_addresses_are_answered_alike(server: Server, address: str) -> None:
    with server.client() as client:
        client.ehlo()
        client.mail("ana@ours.example")
        code, text = client.rcpt(address)
    assert f"{code} {text.decode()}" == UNKNOWN


def test_the_readable_part_the_case_and_a_tag_do_not_matter(
    live: SimpleNamespace, server: Server
) -> None:
    token = live.to_one.partition("@")[0].rpartition("-")[2]
    server.send(a_mail(), f"Renamed-{token.upper()}+urgent@IN.Threadwell.Localhost")
    assert len(deliveries(live)) == 1


def test_the_same_mail_handed_over_twice_is_one_delivery(
    live: SimpleNamespace, server: Server
) -> None:
    mail = a_mail()
    server.send(mail, live.to_one)
    server.send(mail, live.to_one)
    assert len(deliveries(live)) == 1


def test_the_same_mail_to_two_addresses_is_two_deliveries(
    live: SimpleNamespace, server: Server
) -> None:
    server.send(a_mail(), live.to_one, live.to_two)
    assert len({one.inbound_address_id for one in deliveries(live)}) == 2


def test_a_known_recipient_gets_the_mail_although_another_is_unknown(
    live: SimpleNamespace, server: Server
) -> None:
    refused = server.send(a_mail(), live.to_one, UNKNOWN_TO)
    assert list(refused) == [UNKNOWN_TO]
    assert len(deliveries(live)) == 1


def test_lmtp_answers_each_recipient(live: SimpleNamespace, lmtp: Server) -> None:
    with socket.create_connection(("127.0.0.1", lmtp.port), timeout=10) as wire:
        lines = wire.makefile("rwb", buffering=0)
        lines.readline()
        for command in ("LHLO me", "MAIL FROM:<ana@ours.example>", f"RCPT TO:<{live.to_one}>"):
            lines.write(command.encode() + b"\r\n")
            while lines.readline()[3:4] == b"-":
                continue
        for command in (f"RCPT TO:<{live.to_two}>", "DATA"):
            lines.write(command.encode() + b"\r\n")
            lines.readline()
        lines.write(bytes(a_mail()).replace(b"\n", b"\r\n") + b".\r\n")
        answers = [lines.readline().decode().strip() for _ in range(2)]
    assert answers == [KEPT, KEPT]
    assert len(deliveries(live)) == 2


def test_lmtp_knows_no_ehlo(lmtp: Server) -> None:
    with smtplib.SMTP("127.0.0.1", lmtp.port) as client:
        assert client.ehlo()[0] == 500


def test_a_rotated_address_works_until_its_grace_ends(
    live: SimpleNamespace, server: Server
) -> None:
    old = live.to_one
    rotated = rotate_address(live.id, live.ana, address_id=live.addresses["One"].id)
    assert rotated is not None
    give_addresses(live)
    assert live.to_one != old
    server.send(a_mail(subject="old"), old)
    server.send(a_mail(subject="new"), live.to_one)
    assert len(deliveries(live)) == 2
    with tenancy.in_workspace(live.id):
        InboundAddress.objects.filter(works_until__isnull=False).update(
            works_until=timezone.now() - timedelta(seconds=1)
        )
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        server.send(a_mail(), old)


def test_while_the_database_is_down_the_sender_is_asked_to_try_again(
    live: SimpleNamespace, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The threads of the door sign in by these settings; a closed port is a database that is down.
    right = connections["default"].settings_dict["PORT"]
    connections["default"].settings_dict["PORT"] = connections.settings["default"]["PORT"] = (
        free_port()
    )
    try:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            server.send(a_mail(), live.to_one)
    finally:
        connections["default"].settings_dict["PORT"] = right
        connections.settings["default"]["PORT"] = right
    code, text = refused.value.recipients[live.to_one]
    assert f"{code} {text.decode()}" == TRY_AGAIN
    assert server.send(a_mail(), live.to_one) == {}
    assert len(deliveries(live)) == 1


def test_a_database_that_goes_away_during_a_session_loses_and_doubles_nothing(
    live: SimpleNamespace, server: Server
) -> None:
    mail = a_mail().as_bytes(policy=SMTP)
    with server.client() as client:
        client.ehlo()
        client.mail("ana@ours.example")
        assert client.rcpt(live.to_one)[0] == 250
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
                " and usename = current_user"
            )
        code, _text = client.data(mail)
    # Either the door noticed and asked to try again, or it had connected anew.
    assert code in {250, 451}
    server.send(mail, live.to_one)
    assert len(deliveries(live)) == 1


def test_the_size_that_is_taken_is_announced_and_kept(
    live: SimpleNamespace, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.client() as client:
        client.ehlo()
        assert int(client.esmtp_features["size"]) == listener.MOST_BYTES
        client.mail("ana@ours.example", [f"size={listener.MOST_BYTES + 1}"])
        code, _text = client.mail("ana@ours.example", [f"size={listener.MOST_BYTES + 1}"])
        assert code == 552


def test_a_line_of_a_hundred_thousand_characters_is_kept(
    live: SimpleNamespace, server: Server
) -> None:
    raw = b"From: ana@ours.example\r\nSubject: long\r\n\r\n" + b"x" * 100_000 + b"\r\n"
    server.send(raw, live.to_one)
    assert bytes(deliveries(live)[0].raw or b"") == raw


def test_the_null_return_path_and_addresses_beyond_ascii_are_kept(
    live: SimpleNamespace, server: Server
) -> None:
    server.send(a_mail(), live.to_one, sender="")
    with server.client() as client:
        client.ehlo()
        client.send("MAIL FROM:<jürgen@münchen.example> SMTPUTF8\r\n".encode())
        assert client.getreply()[0] == 250
        client.rcpt(live.to_one)
        assert client.data(bytes(a_mail()))[0] == 250
    assert {one.envelope_sender for one in deliveries(live)} == {"<>", "jürgen@münchen.example"}


def test_one_peer_gets_only_so_many_connections(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INBOUND_TRUSTED_PEERS = []
    monkeypatch.setattr(listener, "MOST_FROM_ONE_PEER", 2)
    first, second = server.client(), server.client()
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        server.client()
    assert refused.value.smtp_code == 421
    first.quit()
    time.sleep(0.2)
    third = server.client()
    assert third.noop()[0] == 250
    second.quit()
    third.quit()


def test_a_hundred_recipients_are_enough_for_one_mail(
    live: SimpleNamespace, server: Server
) -> None:
    with server.client() as client:
        client.ehlo()
        client.mail("ana@ours.example")
        codes = [client.rcpt(live.to_one)[0] for _ in range(101)]
    assert codes == [250] * 100 + [452]


def test_a_stored_mail_kicks_the_workers(live: SimpleNamespace, server: Server) -> None:
    server.send(a_mail(), live.to_one)
    deadline = time.monotonic() + 5
    while not server.kicked and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.kicked == [str(live.id)]


def test_a_broker_that_is_down_is_swallowed_and_counted(
    live: SimpleNamespace, server: Server
) -> None:
    def broken(workspace_id: str) -> None:
        raise ConnectionError("the broker is down")

    server.door.waker = Waker(broken)
    started = time.monotonic()
    assert server.send(a_mail(), live.to_one) == {}
    assert time.monotonic() - started < 2
    server.door.waker.close()
    assert server.door.waker.failed == 1
    assert len(deliveries(live)) == 1


def test_stopping_lets_a_mail_that_is_under_way_be_answered(
    live: SimpleNamespace, server: Server
) -> None:
    with server.client() as client:
        client.ehlo()
        client.mail("ana@ours.example")
        client.rcpt(live.to_one)
        assert client.docmd("DATA")[0] == 354
        stopping = threading.Thread(
            target=server._run, args=(server.listener.stop(patience=10),), daemon=True
        )
        stopping.start()
        time.sleep(0.3)
        client.send(bytes(a_mail()).replace(b"\n", b"\r\n") + b".\r\n")
        assert client.getreply()[0] == 250
        stopping.join(10)
        client.close()
    assert len(deliveries(live)) == 1


def test_no_address_and_no_subject_is_logged(
    live: SimpleNamespace, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        server.send(a_mail(subject="Secret plan"), live.to_one)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            server.send(a_mail(), UNKNOWN_TO)
    said = caplog.text
    assert "delivery kept" in said
    for private in ("ours.example", "client.example", "Secret plan", "threadwell.localhost"):
        assert private not in said
