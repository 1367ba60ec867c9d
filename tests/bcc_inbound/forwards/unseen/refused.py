"""Mails in which nobody may be named, written without sight of the reader: (subject, text)."""

_MARTA = "Marta Quill <marta@supplier.example>"
_TO = "To: Ana <ana@ours.example>"
_HEAD = f"From: {_MARTA}\nDate: Mon, 3 Mar 2025 10:00\n{_TO}\nSubject: Prices"
_LINE = "---------- Forwarded message ---------"

REFUSED: dict[str, tuple[str, str]] = {
    # No forward at all
    "an empty mail": ("", ""),
    "a greeting": ("Hello", "Hello Ana,\n\nsee you on Monday.\n\nMarta\nmarta@supplier.example"),
    "an address in prose": ("Fwd: Prices", "Please write to marta@supplier.example about it."),
    "a list of people": ("Fwd: Team", f"{_MARTA}\nOmar <omar@globex.example>\nBen"),
    "a signature": ("Prices", "Ok.\n\n--\nMarta Quill\nFrom: Leeds\nMail: marta@supplier.example"),
    "minutes": ("Minutes", "From: 10:00\nTo: 11:00\nSubject: Prices\nWith: marta@supplier.example"),
    "a flight": ("Fwd: Ticket", "From: Oslo (OSL)\nTo: Riga (RIX)\nDate: 3 March 2025\nSeat: 7A"),
    "a bank transfer": (
        "Fwd: Payment",
        "From: DE89 3704 0044\nTo: GB29 NWBK 6016\nDate: 3 March\nSubject: Invoice 7",
    ),
    "a present": ("Card", "To: Marta\nFrom: all of us\nDate: 3 March\n\nHappy birthday!"),
    "a letter": ("Letter", "From the desk of Marta Quill\nmarta@supplier.example\n\nDear Ana,"),
    "a calendar entry": (
        "Invitation: Prices",
        "When: Mon 3 Mar 2025 10:00\nWhere: Room 7\nWho: Marta <marta@supplier.example>",
    ),
    "a contact form": (
        "New message from your site",
        "Name: Marta Quill\nEmail: marta@supplier.example\nSubject: Prices\nMessage: Hello",
    ),
    "a bounce": (
        "Undelivered Mail Returned to Sender",
        "Final-Recipient: rfc822; marta@supplier.example\nAction: failed\nStatus: 5.1.1",
    ),
    "a cloud share": ("Marta shared a file", "Marta Quill (marta@supplier.example) shared Prices"),
    "a log": ("Log", "10:00 from=<marta@supplier.example> to=<ana@ours.example> status=sent"),
    "a commit": ("[repo] fix", "Author: Marta <marta@supplier.example>\nDate: 3 Mar\n\nFix prices"),
    "a patch": ("Patch", "Signed-off-by: Marta Quill <marta@supplier.example>\nSubject: fix"),
    "a newsletter": ("News", "View in browser\n\nYou get this at ana@ours.example\nUnsubscribe"),
    # Answers
    "an answer below its line": (
        "Re: Prices",
        f"Thanks!\n\nOn Mon, 3 Mar 2025 at 10:00, {_MARTA} wrote:\n> Hello Ana\n> see below",
    ),
    "a german answer": (
        "AW: Preise",
        f"Danke!\n\nAm 03.03.2025 um 10:00 schrieb {_MARTA}:\n> Hallo Ana\n",
    ),
    "a french answer": (
        "RE: Prix",
        f"Merci !\n\nLe lun. 3 mars 2025 à 10:00, {_MARTA} a écrit :\n> Bonjour\n",
    ),
    "a bulgarian answer": (
        "Re: Цени",
        f"Благодаря!\n\nНа пн, 3.03.2025 г. в 10:00 {_MARTA} написа:\n> Здравей\n",
    ),
    "a vietnamese answer": (
        "Re: Giá",
        f"Cảm ơn!\n\nVào Th 2, 3 thg 3, 2025 vào lúc 10:00 {_MARTA} đã viết:\n> Chào\n",
    ),
    "an answer in outlook": (
        "RE: Prices",
        f"Thanks!\n\nFrom: {_MARTA}\nSent: Monday, 3 March 2025 10:00\n{_TO}\nSubject: Prices\n\n"
        "Hello",
    ),
    "an answer in outlook, german": (
        "AW: Preise",
        f"Danke!\n\nVon: {_MARTA}\nGesendet: Montag, 3. März 2025 10:00\n"
        "An: Ana <ana@ours.example>\nBetreff: Preise\n\nHallo",
    ),
    "an answer of groupwise": (
        "Re: Prices",
        f"Thanks!\n\n>>> {_MARTA} 3/3/2025 10:00 AM >>>\nHello Ana",
    ),
    # A forward that does not say who wrote
    "a line and nothing": ("Fwd: Prices", f"{_LINE}\n"),
    "a line and prose": ("Fwd: Prices", f"{_LINE}\nMarta says that prices go up.\n"),
    "a line and no sender": (
        "Fwd: Prices",
        f"{_LINE}\nDate: Mon, 3 Mar 2025\nSubject: Prices\nTo: marta@supplier.example\n\nHello",
    ),
    "a name only": ("Fwd: Prices", _HEAD.replace(_MARTA, "Marta Quill")),
    "an internal name of notes": ("Fwd: Prices", _HEAD.replace(_MARTA, "Marta Quill/Supplier@X")),
    "an exchange path": ("Fwd: Prices", _HEAD.replace(_MARTA, "/O=EX/OU=A/CN=MARTA")),
    "a number": ("Fwd: Prices", _HEAD.replace(_MARTA, "+49 30 123456")),
    "a hidden address": ("Fwd: Prices", _HEAD.replace(_MARTA, "Marta <marta@...>")),
    "an address with two signs": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace(_MARTA, 'Marta <marta@a@supplier.example>')}\n\nHi",
    ),
    "an address without a domain": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace(_MARTA, 'Marta <marta@>')}\n\nHi",
    ),
    # A forward that says two things
    "two senders in a field": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace(_MARTA, f'{_MARTA}, Omar <omar@globex.example>')}\n\nHi",
    ),
    "two sender fields": (
        "Fwd: Prices",
        f"{_LINE}\nFrom: Omar <omar@globex.example>\n{_HEAD}\n\nHi",
    ),
    "two forwards side by side, both quoted in prose": (
        "Prices",
        "He wrote »Forwarded message from marta@supplier.example« and "
        "»Forwarded message from omar@globex.example«.",
    ),
    # A forward in the middle of an answer: the mail is an answer
    "a header in a quote of an answer": (
        "Re: Prices",
        "Fine.\n\nOn Mon, 3 Mar 2025 at 12:00, Ana <ana@ours.example> wrote:\n"
        + "\n".join(f"> {line}" for line in f"{_LINE}\n{_HEAD}\n\nHello".splitlines()),
    ),
    "an instruction": (
        "How to forward",
        'A forward looks like this: "From: a@b.example Sent: Monday To: you Subject: x".',
    ),
}
