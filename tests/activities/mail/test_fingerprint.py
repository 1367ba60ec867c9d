"""R12: which copies are one mail."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.mail.fingerprint import fold_subject
from activities.mail.mime import parse_headers

FIELDS = {
    "From": "Bob <bob@acme.example>",
    "To": "jane@example.com, sales@example.com",
    "Cc": "carla@globex.example",
    "Date": "Tue, 3 Jun 2025 15:12:30 +0200",
    "Subject": "Offer for the hall",
    "Message-ID": "<one@acme.example>",
}


def key(**changes: str | None) -> bytes | None:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    fields = {**FIELDS, **named}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return parse_headers("\r\n".join(lines).encode() + b"\r\n\r\nbody").fingerprint


def test_r12_a_copy_with_other_bytes_around_the_same_headers_is_the_same_mail() -> None:
    assert key(Received="by mx.example", Return_Path="<x@y.example>") == key()


@pytest.mark.parametrize(
    "changes",
    [
        {"From": "BOB@ACME.EXAMPLE"},
        {"Date": "Tue, 3 Jun 2025 13:12:30 +0000"},
        {"Subject": "Re: OFFER   for the hall"},
        {"Subject": "[Sales] AW: WG: [ext] offer for the hall"},
        {"Subject": "=?utf-8?Q?Fwd=3A_Offer?= for the hall"},
        {"Subject": "Re[3]: Offer for the hall"},
        {"Subject": "回复：Offer for the hall"},
        {"To": "eve@rival.example"},
        {"Cc": None},
        {"Message_ID": "one@acme.example"},
    ],
)
def test_r12_what_gateways_change_does_not_split_a_mail(changes: dict[str, str | None]) -> None:
    assert key(**changes) == key()


@pytest.mark.parametrize(
    "changes",
    [
        {"From": "bob@globex.example"},
        {"From": "bob@acme.example, eve@rival.example"},
        {"From": None},
        {"Date": "Tue, 3 Jun 2025 15:12:31 +0200"},
        {"Date": None},
        {"Subject": "Offer for the halls"},
        {"Subject": None},
        {"Message_ID": "<ONE@acme.example>"},
        {"Message_ID": None},
    ],
)
def test_r12_a_reused_id_merges_no_strangers(changes: dict[str, str | None]) -> None:
    assert key(**changes) != key()


def test_r12_without_an_id_the_recipients_take_its_place() -> None:
    here = key(Message_ID=None)
    assert here is not None
    assert key(Message_ID=None, To="sales@example.com, Jane <jane@example.com>") == here
    assert key(Message_ID=None, To="jane@example.com") != here
    assert key(Message_ID=None, Cc=None) != here


def test_r12_recipients_stand_for_an_id_whether_in_to_or_cc() -> None:
    one = key(Message_ID=None, To="jane@example.com", Cc="carla@globex.example")
    assert key(Message_ID=None, Cc="jane@example.com", To="carla@globex.example") == one


def test_r12_without_id_and_date_a_copy_never_merges() -> None:
    assert key(Message_ID=None, Date=None) is None
    assert key(Message_ID=None, Date="not a date") is None


def test_r12_an_id_alone_is_enough_for_a_key() -> None:
    assert key(Date=None) is not None


def test_the_key_survives_a_change_of_everything_else() -> None:
    message = parse_headers(b"Message-ID: <a@b>\n\n")
    assert replace(message, list_id="x").fingerprint == message.fingerprint


MARKS = st.sampled_from(
    ["Re: ", "RE:", "Fwd: ", "FW: ", "AW: ", "WG: ", "Sv: ", "VS: ", "Antw: ", "TR: ", "RV: ",
     "Odp: ", "Отв: ", "回复：", "返信: ", "[tag] ", "[EXTERNAL]", "Re[2]: ", "re : ",
     "YNT: ", "Vá: "]
)  # fmt: skip
TITLES = st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=30)


@settings(deadline=None)
@given(TITLES, st.lists(MARKS, max_size=6))
def test_marks_and_tags_in_front_never_change_a_subject(title: str, marks: list[str]) -> None:
    subject = fold_subject(title)
    assert fold_subject("".join(marks) + title) == subject
    assert fold_subject("".join(marks) + "  " + title + "  ") == subject


@settings(deadline=None)
@given(TITLES, TITLES)
def test_different_subjects_stay_different(one: str, other: str) -> None:
    same_letters = " ".join(one.casefold().split()) == " ".join(other.casefold().split())
    assert same_letters or fold_subject(f"a{one}x") != fold_subject(f"b{other}y")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(subject: str) -> None:
    assert fold_subject(fold_subject(subject)) == fold_subject(subject)
