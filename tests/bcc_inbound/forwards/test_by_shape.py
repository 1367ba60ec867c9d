"""Headers in a language that no table has are read where their shape leaves no doubt."""

import pytest

from bcc_inbound.forwarded import read_forward

MARTA = "marta@supplier.example"
FIELDS = {
    "f": ("Qafa", f"Marta Quill <{MARTA}>"),
    "d": ("Qada", "Jumatatu, 3 Machi 2025 saa 10:00"),
    "t": ("Qata", "Ana Alder <ana@ours.example>"),
    "m": ("Qata", "Ana <ana@ours.example>, Ben <ben@ours.example>"),
    "c": ("Qaca", "Omar <omar@globex.example>"),
    "e": ("Cc", "Omar <omar@globex.example>"),
    "s": ("Qasa", "Prices"),
    "k": ("To", "Ana Alder <ana@ours.example>"),
    "n": ("Qafa", "Marta Quill"),
}
LINE = "---------- Forwarded message ---------\n"


def written(order: str) -> str:
    return "\n".join(f"{label}: {value}" for label, value in map(FIELDS.__getitem__, order))


def named(text: str, subject: str = "Fwd: Prices") -> str:
    found = read_forward(text, subject=subject)
    return found.sender if found else ""


@pytest.mark.parametrize(
    "order",
    ["fdts", "fdtcs", "fdms", "fdsm", "fsdm", "fdstc", "dftcs", "ftcds", "fdste", "sdfte", "dftes",
     "fdsk", "sdfk", "fkds"],
)  # fmt: skip
@pytest.mark.parametrize("above", ["", LINE, "-------- Qwert --------\n", "Qwert zuiop:\n\n"])
def test_the_writer_is_found_without_a_known_label_for_him(order: str, above: str) -> None:
    assert named(f"{above}{written(order)}\n\nHello\n") == MARTA


@pytest.mark.parametrize(
    "order",
    # One person, two who may be either, a writer without an address, another order, no date.
    ["fds", "tds", "sdft", "fdst", "sdtf", "ndts", "ndtcs", "dntcs", "ntcds", "dtcsf", "tcdsf",
     "tcsd", "sdtcf", "fts", "fs", "ndk", "dks", "kds", "dkesn"],
)  # fmt: skip
def test_what_may_be_read_in_two_ways_is_not_read(order: str) -> None:
    assert named(f"{LINE}{written(order)}\n\nHello\n") == ""


def test_no_shape_is_a_forward_by_itself() -> None:
    assert named(f"{written('fdts')}\n\nHello\n", "Re: Prices") == ""
    assert named(f"{written('fdts')}\n\nHello\n", "Prices") == ""
    assert named(f"{LINE}{written('fdts')}\n\nHello\n", "Fwd: Holidays") == ""


def test_date_subject_and_readers_are_told_with_the_writer() -> None:
    found = read_forward(f"{LINE}{written('fdtcs')}\n\nHello\n", subject="Fwd: Prices")
    assert found is not None
    original = found.outermost
    assert (original.subject, original.date) == ("Prices", FIELDS["d"][1])
    assert original.to == ("ana@ours.example",)
    assert original.cc == ("omar@globex.example",)


HEADS = {
    "a table drawn with bars": (
        f"---- Forwarded Message ----\n| From | Marta<{MARTA}> |\n| Date | 03/03/2025 10:00 |\n"
        "| To | <ana@ours.example> |\n| Subject | Prices |\n"
    ),
    "one line": (
        f"From: Marta <{MARTA}> Sent: Monday, 3 March 2025 10:00 To: Ana <ana@ours.example> "
        "Subject: Prices\n"
    ),
    "no colons": (
        f"------ Qwert ------\nVon Marta <{MARTA}>\nAn Ana <ana@ours.example>\n"
        "Datum 03.03.2025 10:00:00\nBetreff Prices\n"
    ),
    "values below their labels": (
        f"From:\nMarta <{MARTA}>\nSent:\n3 March 2025 10:00\nTo:\nAna <ana@ours.example>\n"
        "Subject:\nPrices\n"
    ),
    "the heading of notes": (
        f"----- Forwarded by Ana/Ours on 03/03/2025 11:30 AM -----\n\nMarta <{MARTA}>\n"
        "03/03/2025 10:00 AM\n\nTo\nana@ours.example\ncc\n\nSubject\nPrices\n"
    ),
    "labels spread with blanks": (
        f"发 件 人: Marta <{MARTA}>\n发送时间: 2025年3月3日 10:00\n收 件 人: ana@ours.example\n"
        "主  题: Prices\n"
    ),
    "a colon of its own": (
        f"Ումից՝ Marta <{MARTA}>\nՈւղարկված է՝ 3 մարտի 2025 թ. 10:00\nՈւմ՝ ana@ours.example\n"
        "Թեմա՝ Prices\n"
    ),
    "capitals without accents": (
        f"KIMDEN: Marta <{MARTA}>\nGONDERILDI: 3 Mart 2025 10:00\nKIME: ana@ours.example\n"
        "KONU: Prices\n"
    ),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_header_in_another_form_is_read(head: str) -> None:
    assert named(f"{HEADS[head]}\nHello\n") == MARTA
