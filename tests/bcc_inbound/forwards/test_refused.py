"""Mails in which nobody may be named: prose, answers, newsletters, digests, forgeries."""

import pytest

from activities.mail.forward import Sureness
from activities.mail.sanitise import sanitise
from bcc_inbound.forwarded import read_forward

JANE = "jane@client.example"
BLOCK = (
    "From: Jane Client <jane@client.example>\nSent: Monday, 3 March 2025 10:00\n"
    "To: Ana <ana@ours.example>\nSubject: Renewal terms\n\nHello Ana\n"
)
GMAIL = (
    "---------- Forwarded message ---------\nFrom: Jane Client <jane@client.example>\n"
    "Date: Mon, 3 Mar 2025 at 10:00\nSubject: Renewal terms\nTo: Ana <ana@ours.example>\n\nHello\n"
)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


REFUSED = {
    # Prose
    "nothing": ("Fwd: x", ""),
    "prose only": ("Fwd: x", "Jane <jane@client.example> asked me to pass this on."),
    "a label in prose": ("Fwd: x", "From: jane@client.example I heard that you are leaving."),
    "two labels": ("Fwd: x", "From: jane@client.example\nTo: ana@ours.example\n\nHello"),
    "labels far apart": (
        "Fwd: x",
        "From: jane@client.example\n\nsome words\n\nmore\n\nTo: ana@ours.example\n\nand\n\n"
        "Subject: x\n",
    ),
    "labels without a writer": (
        "Fwd: x",
        "Sent: Monday\nTo: jane@client.example\nSubject: Terms\n\nHi",
    ),
    "labels of two languages": (
        "Fwd: x",
        "Von: jane@client.example\nObjet: Contrat\nВложения: 3\n\nHallo",
    ),
    "the address in another field": (
        "Fwd: x",
        "From: Jane Client\nTo: jane@client.example\nSubject: Terms\nDate: 3 March\n\nHi",
    ),
    "a timetable": ("Fwd: Trip", "From: Berlin\nTo: Paris\nDate: 3 May\nSubject: train\n"),
    "a form": (
        "New enquiry",
        "Name: Jane\nFrom: jane@client.example\nSubject: Offer\nDate: 3 May\nMessage: hello",
    ),
    "markers in prose": ("Notes", "He sent a forwarded message from jane@client.example today."),
    "a marker alone": ("Fwd: x", "---------- Forwarded message ---------\n\nHello\n"),
    "a marker and an address": (
        "Fwd: x",
        "---------- Forwarded message ---------\njane@client.example\n\nHello\n",
    ),
    "a marker far above": (
        "Terms",
        "---------- Forwarded message ---------\n" + "line of text\n" * 8 + BLOCK,
    ),
    # Answers
    "an answer with Outlook's header": ("RE: Renewal terms", BLOCK),
    "an answer without a mark": ("Renewal terms", BLOCK),
    "an answer in German": ("AW: Renewal terms", f"Danke\n\n{BLOCK}"),
    "an answer to a forward": ("RE: FW: Renewal terms", f"Thanks\n\n{BLOCK}"),
    "an answer with a rule": ("Re: Renewal terms", f"Ok\n\n{'_' * 32}\n{BLOCK}"),
    "an answer below original message": ("Re: x", f"-----Original Message-----\n{BLOCK}"),
    "a Finnish answer": (
        "VS: Sopimus",
        "Lähettäjä: Jane <jane@client.example>\nLähetetty: 3.3.2025 10.00\n"
        "Vastaanottaja: Ana <ana@ours.example>\nAihe: Sopimus\n\nHei",
    ),
    "an answer's quote": (
        "Re: Terms",
        "Ok.\n\nOn Mon, 3 Mar 2025 at 10:00, Jane <jane@client.example> wrote:\n> Hello",
    ),
    "an answer's quote under a forward's subject": (
        "Fwd: Terms",
        "Ok.\n\nOn Mon, 3 Mar 2025 at 10:00, Jane <jane@client.example> wrote:\n> Hello",
    ),
    "a quoted line of Windows Mail": (
        "FW: Terms",
        'On 03/03/2025, 10:00, "Jane" <jane@client.example> wrote:\n> Hello',
    ),
    "Windows Mail's line in an answer": (
        "RE: Terms",
        'On 03/03/2025, 10:00, "Jane" <jane@client.example> wrote:\n\nHello',
    ),
    "an answer that quotes a forward": (
        "Re: Fwd: Terms",
        "Thanks!\n\nOn Mon, 3 Mar 2025 at 11:00, Ana <ana@ours.example> wrote:\n" + quoted(GMAIL),
    ),
    "a quoted forward under the same subject": (
        "Terms",
        "Thanks!\n\nOn Mon, 3 Mar 2025 at 11:00, Ana <ana@ours.example> wrote:\n" + quoted(GMAIL),
    ),
    "a quoted forward with a wrapped attribution": (
        "Fwd: Terms",
        "Thanks!\n\nOn Mon, 3 Mar 2025 at 11:00, Ana Alder of Ours Limited\n"
        "<ana@ours.example> wrote:\n" + quoted(GMAIL),
    ),
    "an answer whose quote lost its marks": (
        "Re: Fwd: Terms",
        f"Thanks!\n\nOn Mon, 3 Mar 2025 at 11:00, Ana <ana@ours.example> wrote:\n\n{GMAIL}",
    ),
    "a German answer that quotes a forward": (
        "AW: Terms",
        "Danke!\n\nAm Mo., 3. März 2025 um 11:00 Uhr schrieb Ana <ana@ours.example>:\n"
        + quoted(GMAIL),
    ),
    "an answer above a forward": ("Re: Terms", f"See below\n\n{GMAIL}"),
    "an Outlook answer to a Gmail forward": (
        "RE: Fwd: Terms",
        "Ok\n\nFrom: Ana <ana@ours.example>\nSent: Monday\nTo: Ben <ben@ours.example>\n"
        f"Subject: Fwd: Terms\n\n{GMAIL}",
    ),
    # Newsletters, digests, lists, signatures
    "a newsletter": (
        "Our news in March",
        "News\n\nFrom: the editors\nTo: our readers\nSubject: spring\n\nnews@client.example",
    ),
    "a digest": (
        "Talk Digest, Vol 3, Issue 5",
        "Today's Topics:\n\n   1. Terms (Jane)\n\n----------------------------------------\n\n"
        "Message: 1\nDate: Mon, 3 Mar 2025 10:00:00 +0100\nFrom: Jane <jane@client.example>\n"
        "To: talk@lists.example\nSubject: Terms\n\nHello\n",
    ),
    "an answer to a digest": (
        "Re: Talk Digest, Vol 3, Issue 5",
        "+1\n\n> Message: 1\n> Date: Mon, 3 Mar 2025 10:00:00 +0100\n"
        "> From: Jane <jane@client.example>\n> To: talk@lists.example\n> Subject: Terms\n",
    ),
    "a list's footer": (
        "Fwd: x",
        "Hello\n_______________________________________________\nTalk mailing list\n"
        "talk@lists.example\nhttps://lists.example/talk\n",
    ),
    "a signature": (
        "Fwd: x",
        "Please call.\n\n-- \nJane Client\nTo reach me: jane@client.example\nDate: always\n",
    ),
    "a bounce": (
        "Undelivered Mail Returned to Sender",
        "I'm sorry.\n\n<jane@client.example>: host mx said: 550 5.1.1\n\nReporting-MTA: dns; mx\n",
    ),
    "an invitation": (
        "Invitation: Terms",
        "When: Monday\nWhere: Berlin\nWho: jane@client.example\nFrom: 10:00\nTo: 11:00\n",
    ),
    "a change log": (
        "Fwd: patch",
        "From: 4711abcdef Mon Sep 17 00:00:00 2001\nDate: Mon, 3 Mar 2025\nSubject: [PATCH] x\n",
    ),
    # What is not sure
    "a name without an address": (
        "Fwd: x",
        BLOCK.replace(" <jane@client.example>", ""),
    ),
    "an address of Exchange": (
        "FW: x",
        BLOCK.replace("<jane@client.example>", "</O=OURS/OU=EX/CN=RECIPIENTS/CN=JANE>"),
    ),
    "two addresses": (
        "Fwd: x",
        GMAIL.replace("<jane@client.example>", "<jane@client.example> <b@else.example>"),
    ),
    "an address as the name of another": (
        "Fwd: x",
        GMAIL.replace("Jane Client", "boss@client.example"),
    ),
    "on behalf of somebody": (
        "Fwd: x",
        GMAIL.replace(
            "Jane Client <jane@client.example>",
            "bounce@lists.example <bounce@lists.example> On Behalf Of Jane Client",
        ),
    ),
    "in somebody's name, in German": (
        "WG: x",
        "Von: Büro <buero@client.example> im Auftrag von Jane Client\nGesendet: 3. März 2025\n"
        "An: Ana\nBetreff: x\n\nHallo",
    ),
    "two writers": (
        "Fwd: x",
        GMAIL.replace("Date: Mon", "From: Eve <eve@else.example>\nDate: Mon"),
    ),
    "a broken address": ("Fwd: x", GMAIL.replace("jane@client.example", "jane@client")),
    "an address with a blank": ("Fwd: x", GMAIL.replace("jane@client", "jane@ client")),
    "an address that is written out": ("Fwd: x", GMAIL.replace("jane@client", "jane (at) client")),
    "an address of letters that look alike": (
        "Fwd: x",
        GMAIL.replace("jane@client.example", "jane\uff20client.example"),
    ),
    "a quoted local part": (
        "Fwd: x",
        GMAIL.replace("jane@client.example", '"jane@client.example x"@else'),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nobody_is_named(name: str) -> None:
    subject, text = REFUSED[name]
    found = read_forward(text, subject=subject)
    assert found is None or found.sender == "", found


def test_there_are_enough_of_them() -> None:
    assert len(REFUSED) >= 40


def test_the_blocks_would_be_read_if_nothing_were_wrong() -> None:
    for subject, text in (("FW: x", BLOCK), ("any", GMAIL)):
        found = read_forward(text, subject=subject)
        assert found is not None
        assert found.sender == JANE


def test_a_name_without_an_address_is_told_as_a_name() -> None:
    found = read_forward(REFUSED["a name without an address"][1], subject="Fwd: x")
    assert found is not None
    assert (found.outermost.sureness, found.outermost.name) == (Sureness.NAME_ONLY, "Jane Client")


def test_two_forms_of_a_body_that_name_different_people_name_nobody() -> None:
    other = sanitise(
        GMAIL.replace("<jane@client.example>", "&lt;eve@else.example&gt;").replace("\n", "<br>")
    ).html
    assert read_forward(GMAIL, html=other, subject="Fwd: x").sender == ""
