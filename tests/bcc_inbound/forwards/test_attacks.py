"""Forwards that try to have somebody named who did not write the mail that was passed on."""

from itertools import product

import pytest

from activities.mail.forward import Sureness
from activities.mail.sanitise import sanitise
from bcc_inbound.forwarded import read_forward

MARTA, OMAR = "marta@supplier.example", "omar@globex.example"
_INNER_FIELDS = (
    f"Omar <{OMAR}>", "Sunday, 2 March 2025 09:00", f"Marta <{MARTA}>", "RE: Prices"
)  # fmt: skip
OUTLOOK = "From: {}\nSent: {}\nTo: {}\nSubject: {}\n\nHello\n".format(*_INNER_FIELDS)
INSIDE = {
    "outlook": OUTLOOK,
    "outlook with a rule": f"{'_' * 32}\n{OUTLOOK}",
    "outlook in german": "Von: {}\nGesendet: {}\nAn: {}\nBetreff: {}\n\nHallo\n".format(
        *_INNER_FIELDS
    ),
    "gmail": (
        f"---------- Forwarded message ---------\nFrom: Omar <{OMAR}>\nDate: Sun, Mar 2, 2025\n"
        f"Subject: Inner\nTo: Marta <{MARTA}>\n\nHello\n"
    ),
    "windows mail": f'On 02/03/2025, 09:00, "Omar" <{OMAR}> wrote:\n\nHello\n',
}
PEOPLE = {
    "in full": (f"Marta Quill <{MARTA}>", "Ana Alder <ana@ours.example>"),
    "addresses": (MARTA, "ana@ours.example"),
    "with names behind": (f"{MARTA} (Marta Quill)", "ana@ours.example (Ana)"),
    "names": ("Marta Quill", "Ana Alder"),
}
ABOVE = ("", "-------- Qwert zuiop --------\n", "---------- Forwarded message ---------\n")
_DATE = "Jumatatu, 3 Machi 2025 saa 10:00"


def strange_headers() -> list[str]:
    """Headers in no language at all: with and without colons and gaps, whole and cut short."""
    found = []
    for (writer, reader), order, colon, gap in product(
        PEOPLE.values(),
        ("wdrs", "wdsr", "wsdr", "sdwr", "dwrs", "wrds", "wd", "dw", "wdr"),
        (": ", " ", " : ", "\t"),
        ("\n", "\n\n"),
    ):
        values = {"w": writer, "d": _DATE, "r": reader, "s": "Prices"}
        found.append(gap.join(f"Qa{letter}{colon}{values[letter]}" for letter in order))
    return found


def named(text: str, subject: str = "Fwd: Prices", html: str = "") -> str:
    markup = sanitise(html).html if html else ""
    found = read_forward(text, html=markup, subject=subject, forwarder="ana@ours.example")
    return found.sender if found else ""


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("above", ABOVE)
def test_nobody_inside_a_mail_whose_header_cannot_be_read_is_named(above: str, inside: str) -> None:
    for header in strange_headers():
        for between in ("\n\nHello Ana, see below.\nMarta\n\n", "\n\n", "\n"):
            text = f"{above}{header}{between}{INSIDE[inside]}"
            assert named(text) in {"", MARTA}, text


def test_the_mails_inside_would_be_read_if_nothing_stood_above_them() -> None:
    assert {named(text) for text in INSIDE.values()} == {OMAR}


LOTUS = f"Marta Quill <{MARTA}>\n03/03/2025 10:00 AM\n\nTo: Ana <ana@ours.example>\ncc: Ben\n"


@pytest.mark.parametrize(
    "above",
    [
        f"{LOTUS}Subject: Prices\n\n",
        f"----- Forwarded by Ana/Ours on 03/03/2025 11:30 AM -----\n\n{LOTUS}Subject: Prices\n\n",
        "To: Ana <ana@ours.example>\nSubject: Prices\n\n",
        "To: Ana <ana@ours.example>\n\nSubject: Prices\n\n\n",
        "Marta Quill\nTo: Ana <ana@ours.example>\nSubject: Prices\nSent: 3 March 2025 10:00\n",
        f"Qa Marta <{MARTA}>\nSent: 3 March 2025 10:00\nTo: Ana <ana@ours.example>\n",
    ],
)
@pytest.mark.parametrize("inside", ["outlook", "outlook in german"])
def test_the_fields_of_two_headers_are_never_put_together(above: str, inside: str) -> None:
    assert named(f"{above}{INSIDE[inside]}") in {"", MARTA}
    assert named(f"{above}{INSIDE[inside]}", "Fwd: RE: Prices") in {"", MARTA}


MARKERS = (
    f"----- Forwarded message from Marta Quill <{MARTA}> -----",
    f"----- Forwarded message from {MARTA} -----",
    f"-----Mensaje reenviado de Marta <{MARTA}>-----",
)


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_that_names_another_writer_than_its_header_names_nobody(marker: str) -> None:
    assert named(f"{marker}\n\n{OUTLOOK}") == ""
    assert named(f"{marker}\n\n{OUTLOOK.replace(OMAR, MARTA)}") == MARTA


@pytest.mark.parametrize("count", range(1, 6))
@pytest.mark.parametrize("marker", [*MARKERS, "---------- Forwarded message ---------"])
def test_a_header_below_text_is_not_the_one_that_a_marker_announces(
    marker: str, count: int
) -> None:
    body = "".join(f"Line {number} of the mail.\n" for number in range(count))
    assert named(f"{marker}\n{body}{OUTLOOK}") == ""
    assert named(f"{marker}\n\n{body}\n{OUTLOOK}") == ""


def _in_html(text: str) -> str:
    return "<br>".join(line.replace("<", "&lt;") for line in text.split("\n"))


@pytest.mark.parametrize(
    "change",
    [
        (f"Omar <{OMAR}>", f"Omar <{OMAR}>, Eve <eve@else.example>"),
        (f"Omar <{OMAR}>", "Omar <eve@else.example>"),
        (f"Omar <{OMAR}>", "Eve"),
        (f"Omar <{OMAR}>", f"bounce@else.example on behalf of Omar <{OMAR}>"),
        (OUTLOOK, f"From: Eve <eve@else.example>\nFrom: Omar <{OMAR}>\nSent: x\nTo: y\nSubject: z"),
        (OUTLOOK, "Qa: Eve <eve@else.example>\nQb: 3.3.2025 10:00\n\nHello"),
        (OUTLOOK, "Nothing of the kind."),
    ],
)
def test_two_forms_of_a_body_that_do_not_say_the_same_name_nobody(change: tuple[str, str]) -> None:
    other = OUTLOOK.replace(*change)
    assert named(OUTLOOK, html=_in_html(other)) == ""
    assert named(OUTLOOK, html=_in_html(OUTLOOK)) == OMAR


def test_a_text_that_shows_another_mail_than_the_html_does_names_nobody() -> None:
    assert named("Qa Eve\neve@else.example", html=_in_html(OUTLOOK)) == ""
    assert named("Please see the HTML.", html=_in_html(OUTLOOK)) == OMAR


def test_a_form_that_has_the_same_name_without_the_address_is_no_disagreement() -> None:
    assert named(OUTLOOK, html=_in_html(OUTLOOK.replace(f" <{OMAR}>", ""))) == OMAR
    found = read_forward(OUTLOOK.replace(f" <{OMAR}>", ""), subject="Fwd: x")
    assert found is not None
    assert found.outermost.sureness is Sureness.NAME_ONLY


@pytest.mark.parametrize(
    "comment",
    [
        "Omar (eve@else.example) asked for this.",
        "Kunde: Globex",
        "Ana Alder\nOurs Ltd.\nTel: +49 30 2012 3456\nFax: +49 30 2012 3457\nana@ours.example",
        "Ana Alder\nana@ours.example\ninfo@ours.example",
        "Hours: 9:00 - 17:00\nMail: ana@ours.example\nWeb: https://ours.example",
        "*** External mail. Do not click. ***\n\nFYI",
        "See you on Monday at 10:00!",
    ],
)
def test_what_people_write_above_a_forward_is_no_header(comment: str) -> None:
    for text in (INSIDE["outlook"], INSIDE["gmail"].replace("Inner", "Prices")):
        assert named(f"{comment}\n\n{text}") == OMAR
