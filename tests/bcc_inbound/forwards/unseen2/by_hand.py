"""Mails in which nobody may be named, written one by one: name, subject, text."""

_MARTA = "Marta Quill <marta@supplier.example>"
_LINE = "---------- Forwarded message ---------"
_HEAD = f"From: {_MARTA}\nDate: Mon, 3 Mar 2025 10:00\nTo: Ana <ana@ours.example>\nSubject: Prices"
_QUOTE = "> Good morning,\n>\n> the goods leave us on Friday.\n"
_WRITERS = {
    "gmail": f"On Mon, Mar 3, 2025 at 10:00 AM {_MARTA} wrote:",
    "gmail in two lines": "On Mon, Mar 3, 2025, 10:00 AM Marta\n<marta@supplier.example> wrote:",
    "apple": "On 3 Mar 2025, at 10:00, Marta Quill <marta@supplier.example> wrote:",
    "german": f"Am Mo., 3. März 2025 um 10:00 Uhr schrieb {_MARTA}:",
    "french": f"Le lun. 3 mars 2025 à 10:00, {_MARTA} a écrit :",
    "spanish": f"El lun, 3 mar 2025 a las 10:00, {_MARTA} escribió:",
    "catalan": f"Missatge de {_MARTA} del dia dl., 3 de març 2025 a les 10:00:",
    "basque": f"Hau idatzi du {_MARTA} erabiltzaileak (2025(e)ko mar. 3(a), al. (10:00)):",
    "galician": f"O luns, 3 mar 2025 ás 10:00, {_MARTA} escribiu:",
    "polish": f"pon., 3 mar 2025 o 10:00 {_MARTA} napisał(a):",
    "lithuanian": f"2025-03-03, pr, 10:00 {_MARTA} rašė:",
    "latvian": f"pirmd., 2025. g. 3. marts, plkst. 10:00 — lietotājs {_MARTA} rakstīja:",
    "croatian": f"pon, 3. ožu 2025. u 10:00 {_MARTA} napisao je:",
    "indonesian": f"Pada Sen, 3 Mar 2025 pukul 10.00 {_MARTA} menulis:",
    "malay": f"Pada Isn, 3 Mac 2025 pada 10:00 PG {_MARTA} menulis:",
    "vietnamese": f"Vào Th 2, 3 thg 3, 2025 vào lúc 10:00 {_MARTA} đã viết:",
    "hindi": f"सोम, 3 मार्च 2025 को 10:00 am बजे {_MARTA} ने लिखा:",
    "nextcloud": '"Marta Quill" marta@supplier.example – March 3, 2025 10:00 AM',
    "yandex": '03.03.2025, 10:00, "Marta Quill" <marta@supplier.example>:',
    "horde": f"Quoting {_MARTA}:",
    "zimbra": "----- On Mar 3, 2025, at 10:00 AM, Marta Quill marta@supplier.example wrote:",
    "notes": "Marta Quill ---03.03.2025 10:00:00---Good morning",
    "the author alone": f"{_MARTA} writes:",
}

REPLIES = {
    f"reply: {name}": ("Re: Delivery", f"Thank you.\n\nAna\n\n{line}\n{_QUOTE}")
    for name, line in _WRITERS.items()
}

OTHERS = {
    "a delivery that failed": (
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.ours.example.\n\n<marta@supplier.example>: host mx "
        "said: 550 no such user\n\nReporting-MTA: dns; mx.ours.example\n"
        "Final-Recipient: rfc822; marta@supplier.example\nAction: failed\n",
    ),
    "a meeting": (
        "Invitation: Review",
        "When: Mon 3 Mar 2025 10:00\nWhere: Room 2\nWho: marta@supplier.example - organizer\n"
        "Subject: Review\n",
    ),
    "an address in the note": ("Fwd: Prices", "Write to marta@supplier.example about it.\n\nAna\n"),
    "a line and nothing below it": (
        "Fwd: Prices",
        f"{_LINE}\n\nThe prices are in the file. marta@supplier.example\n",
    ),
    "a header in prose": (
        "Prices",
        "The mail says From: marta@supplier.example and To: you, and I believe neither.\n\nAna\n",
    ),
    "a header in code": (
        "How to send a test mail",
        "Do this:\n\n    msg['From'] = 'marta@supplier.example'\n    msg['To'] = 'x@else.example'\n"
        "    msg['Subject'] = 'Prices'\n",
    ),
    "a letter with its own heading": (
        "Letter",
        "To: Ana Alder, ana@ours.example\nRe: Our order\nDate: 3 March 2025\n\nDear Ana,\n\nyes.\n",
    ),
    "the header of a fax": (
        "Fax received",
        "Fax from: +43 1 234 56\nPages: 2\nDate: 3 March 2025 10:00\nAnswer: fax@carrier.example\n",
    ),
    "aerc, by name": (
        "Fwd: Prices",
        "Forwarded message from Marta Quill on Mon Mar 3, 2025 at 10:00 AM:\n\nmarta: 5 EUR\n",
    ),
    "two forwards side by side": (
        "Fwd: Prices",
        f"Two mails.\n\n{_LINE}\n{_HEAD.replace(_MARTA, 'Marta Quill')}"
        f"\n\nYes.\n\n{_LINE}\n{_HEAD}\n\nNo.\n",
    ),
    "a sender who is nobody": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace(_MARTA, 'undisclosed')}\n\nYes.\n",
    ),
    "an address cut in two": (
        "Fwd: Prices",
        f"{_LINE}\nFrom: Marta Quill <marta@supplier\nDate: Mon, 3 Mar "
        "2025 10:00\nTo: Ana <ana@ours.example>\nSubject: Prices\n\nYes.\n",
    ),
    "an address without a domain": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace('@supplier.example', '')}\n\nYes.\n",
    ),
    "an exchange path for an address": (
        "FW: Prices",
        "From: Quill, Marta </O=OURS/OU=EXCHANGE/CN=RECIPIENTS/CN=MQUILL>\nSent: Monday, March 3, "
        "2025 10:00 AM\nTo: Ana <ana@ours.example>\nSubject: Prices\n\nYes.\n",
    ),
    "an address that the server hid": (
        "Fwd: Prices",
        f"{_LINE}\n{_HEAD.replace('marta@supplier.example', '***')}\n\nYes.\n",
    ),
    "senders that do not agree": (
        "Fwd: Prices",
        f"{_LINE}\nFrom: Marta Quill <marta@supplier.example>\n"
        "From: Omar Oak <omar@globex.example>\nDate: Mon, 3 Mar 2025 10:00\n"
        "To: Ana <ana@ours.example>\nSubject: Prices\n\nYes.\n",
    ),
    "only readers": (
        "Fwd: Prices",
        f"{_LINE}\nTo: Ana <ana@ours.example>\n"
        "Cc: Omar <omar@globex.example>\nDate: Mon, 3 Mar 2025 10:00\nSubject: Prices\n\nYes.\n",
    ),
    "an order": (
        "Order 4711",
        "Order from: Marta Quill\nShip to: Ana Alder\nDate: 3 March 2025\nSubject: to stock\n"
        "Mail: marta@supplier.example\n",
    ),
    "nothing at all": ("Fwd:", ""),
    "a signature alone": ("Fwd: Prices", "-- \nAna Alder\nana@ours.example\n"),
}
BY_HAND = REPLIES | OTHERS
