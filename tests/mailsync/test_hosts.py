"""Which typed hosts are connected to, and where."""

import socket
from typing import Any

import pytest

from mailsync import hosts
from mailsync.providers.errors import Permanent
from mailsync.providers.imap_connection import ImapAccount, connect

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.7",
    "172.16.4.4",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - an address to refuse, nothing is bound to it
    "100.64.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "224.0.0.1",
]


def answer_with(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let the system's resolver know one more name, mail.test."""
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != "mail.test":
            return real(host, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 993)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_refused(
    address: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = False
    answer_with(monkeypatch, address)
    with pytest.raises(hosts.HostRefused, match="private network"):
        hosts.resolve("mail.test", 993)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1"])
def test_an_address_outside_is_used_as_it_was_judged(
    address: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = False
    answer_with(monkeypatch, address)
    assert hosts.resolve("mail.test", 993) == hosts.Endpoint("mail.test", (address,), 993)


def test_one_address_inside_refuses_the_whole_name(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = False
    answer_with(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(hosts.HostRefused):
        hosts.resolve("mail.test", 993)


def test_inside_is_allowed_where_the_operator_says_so(settings: Any) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = True
    assert hosts.resolve("127.0.0.1", 143).is_loopback


def test_a_name_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(hosts.HostUnknown, match="no server with the name"):
        hosts.resolve("mail.nowhere.invalid", 993)


@pytest.mark.parametrize(("name", "port"), [("", 993), ("x" * 300, 993), ("mail.test", 0)])
def test_what_is_no_host_is_refused(name: str, port: int) -> None:
    with pytest.raises(hosts.HostRefused):
        hosts.resolve(name, port)


def test_without_tls_only_loopback_is_spoken_to(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = True
    answer_with(monkeypatch, "192.0.2.1")
    with pytest.raises(Permanent, match="Without TLS"):
        connect(ImapAccount("mail.test", 143, "none", "ana", "x"))
