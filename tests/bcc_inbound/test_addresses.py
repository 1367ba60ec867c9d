"""The text of an inbound address, and which peers are trusted."""

from typing import Any

import pytest

from bcc_inbound.addresses import TOKEN_BYTES, hash_token, new_token, token_in, write_address
from bcc_inbound.peers import is_trusted, plain


def test_an_address_has_a_readable_part_and_160_random_bits() -> None:
    token = new_token()
    address = write_address("Onboarding & Co", token)
    assert address == f"onboarding-co-{token}@in.threadwell.localhost"
    assert len(address.partition("@")[0]) <= 64
    assert TOKEN_BYTES * 8 >= 128
    assert token_in(address) == token
    assert new_token() != token


@pytest.mark.parametrize("name", ["プロジェクト", "", "---", "x" * 200])
def test_any_project_name_makes_an_address(name: str) -> None:
    token = new_token()
    address = write_address(name, token)
    assert token_in(address) == token
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "text", ["", "@", "one@in.threadwell.localhost", "one-short@in.threadwell.localhost", "x" * 999]
)
def test_what_is_no_address_of_ours_has_no_token(text: str) -> None:
    assert token_in(text) is None


def test_only_the_hash_is_looked_up() -> None:
    assert len(hash_token("a")) == 32
    assert hash_token("a") != hash_token("b")


@pytest.mark.parametrize(
    ("peer", "trusted"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("10.1.2.3", True),
        ("11.1.2.3", False),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
        ("", False),
        ("mail.example", False),
    ],
)
def test_a_peer_is_trusted_by_address_or_network(settings: Any, peer: str, trusted: bool) -> None:
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]
    assert is_trusted(peer) is trusted


def test_nobody_is_trusted_unless_named(settings: Any) -> None:
    settings.INBOUND_TRUSTED_PEERS = []
    assert not is_trusted("127.0.0.1")


def test_a_zone_is_no_part_of_an_address() -> None:
    assert plain("fe80::1%eth0") == "fe80::1"
