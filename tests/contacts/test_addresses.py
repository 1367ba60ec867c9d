"""Addresses and domains: one normal form, whatever comes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from contacts import addresses
from contacts.addresses import (
    domain_of,
    is_no_reply,
    is_public_mail_domain,
    is_public_suffix,
    mask,
    normalise_address,
    normalise_domain,
    registrable_domain,
    suffixes,
    without_tag,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Jane@Acme.Example", "jane@acme.example"),
        ("  jane@acme.example. ", "jane@acme.example"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("jane@xn--BCHER-kva.example", "jane@xn--bcher-kva.example"),
        ("jane@straße.example", "jane@xn--strae-oqa.example"),
        ("jane@acme。example", "jane@acme.example"),
        ("jane@\uff21\uff43me.example", "jane@acme.example"),
        ("jane@i❤.example", "jane@xn--i-7iq.example"),
        ("JÖRG@acme.example", "jörg@acme.example"),
        ("jo\u0308rg@acme.example", "jörg@acme.example"),
        ('"jane"@acme.example', "jane@acme.example"),
        ('"jane doe"@acme.example', '"jane doe"@acme.example'),
        ("o'brien+x=y@mail_1.acme.example", "o'brien+x=y@mail_1.acme.example"),
        ("carrier..user.@docomo.example", "carrier..user.@docomo.example"),
    ],
)
def test_an_address_has_one_normal_form(written: str, normal: str) -> None:
    assert normalise_address(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "jane",
        "jane@",
        "@acme.example",
        "jane@acme",
        "jane@localhost",
        "jane@[192.0.2.1]",
        "jane@192.0.2.1",
        "jane@acme..example",
        "jane@-acme.example",
        "jane@acme-.example",
        "jane@.acme.example",
        "jane doe@acme.example",
        "Jane <jane@acme.example>",
        "mailto:jane@acme.example",
        "jane,john@acme.example",
        "jane@john@acme.example",
        "jane\x00@acme.example",
        "ja\u202ene@acme.example",
        "ja\u200bne@acme.example",
        '"ja\u202ene"@acme.example',
        '""@acme.example',
        "\ud800@acme.example",
        "jane@\ud800.example",
        "jane@acme\x00.example",
        "jane@acme example.example",
        f"{'a' * 250}@acme.example",
        f"jane@{'a' * 64}.example",
        f"jane@{'a.' * 200}example",
        "a" * 100_000 + "@acme.example",
    ],
)
def test_what_is_no_address_is_none(written: str) -> None:
    assert normalise_address(written) is None


@given(st.text(max_size=300))
def test_no_text_makes_an_address_raise(text: str) -> None:
    for written in (text, f"{text}@acme.example", f"jane@{text}.example"):
        normal = normalise_address(written)
        if normal is not None:
            assert len(normal) <= addresses.ADDRESS_LIMIT
            assert normalise_address(normal) == normal
            assert normalise_domain(domain_of(normal)) == domain_of(normal)
            assert without_tag(without_tag(normal)) == without_tag(normal)


@given(st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,40}", fullmatch=True), domains())
def test_every_ordinary_address_is_one_whatever_its_case(local: str, domain: str) -> None:
    normal = normalise_address(f"{local}@{domain}")
    if len(local) + len(domain) >= addresses.ADDRESS_LIMIT:
        assert normal is None
    else:
        assert normal == f"{local}@{domain.lower()}"
    assert normalise_address(f"{local}@{domain}".swapcase()) == normal


@given(domains())
def test_every_ordinary_domain_is_among_its_suffixes(domain: str) -> None:
    normal = normalise_domain(domain)
    assert normal == domain.lower()
    found = suffixes(normal)
    assert len(found) <= addresses.SUFFIX_LIMIT
    assert all(normal == suffix or normal.endswith(f".{suffix}") for suffix in found)
    assert list(found) == sorted(found, key=len, reverse=True)


def test_a_domain_is_its_own_longest_suffix_and_a_single_label_is_none() -> None:
    assert suffixes("eu.acme.example") == ("eu.acme.example", "acme.example")
    assert suffixes("example") == ()


def test_a_domain_of_a_hundred_labels_asks_for_a_bounded_number() -> None:
    found = suffixes("a." * 100 + "example")
    assert len(found) == addresses.SUFFIX_LIMIT
    assert found[-1] == "a.example"


def test_a_tag_is_removed_once_and_never_the_whole_name() -> None:
    assert without_tag("jane+news+2@acme.example") == "jane@acme.example"
    assert without_tag("jane@acme.example") == "jane@acme.example"
    assert without_tag("+jane@acme.example") == "+jane@acme.example"


def test_the_registrable_domain_knows_suffixes_of_two_labels_and_private_ones() -> None:
    assert registrable_domain("mail.acme.co.uk") == "acme.co.uk"
    assert registrable_domain("eu.acme.example") == "acme.example"
    assert registrable_domain("jane.github.io") == "jane.github.io"
    assert registrable_domain("co.uk") is None


def test_public_suffixes_include_the_private_section() -> None:
    assert is_public_suffix("co.uk")
    assert is_public_suffix("github.io")
    assert not is_public_suffix("acme.example")
    assert not is_public_suffix("jane.github.io")


def test_a_mailbox_provider_is_public_with_what_is_below_it() -> None:
    assert is_public_mail_domain("gmail.com")
    assert is_public_mail_domain("vip.163.com")
    assert not is_public_mail_domain("acme.example")
    assert not is_public_mail_domain("notgmail.com")


def test_a_customer_domain_below_an_old_provider_is_not_public() -> None:
    assert is_public_mail_domain("demon.co.uk")
    assert not is_public_mail_domain("acme.demon.co.uk")


def test_every_line_of_the_list_is_in_normal_form_and_stands_once() -> None:
    exact, with_subdomains = addresses._public_mail_domains()
    text = (addresses.Path(addresses.__file__).with_name("public_mail_domains.txt")).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) == len(exact) >= 250
    assert with_subdomains < exact
    assert all(normalise_domain(name) == name for name in exact)


def test_a_masked_address_shows_its_first_letter_and_domain() -> None:
    assert mask("jane@acme.example") == "j***@acme.example"
    assert mask("not an address") == "***"
    assert mask("jane@acme\n.example") == "***"


@pytest.mark.parametrize("local", ["no-reply", "noreply", "mailer-daemon", "bounce+17"])
def test_a_machine_address_is_no_reply(local: str) -> None:
    assert is_no_reply(f"{local}@acme.example")


@pytest.mark.parametrize("local", ["jane", "reply", "no-reply-jane", "postmasters"])
def test_a_person_is_no_machine(local: str) -> None:
    assert not is_no_reply(f"{local}@acme.example")
