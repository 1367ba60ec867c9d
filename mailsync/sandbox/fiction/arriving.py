"""What comes in while somebody looks at the demo: one mail after the other, over and over.

Each round has new ids and times, so the same conversation happens again another day.
"""

from mailsync.sandbox.fiction.letters import (
    ANA,
    AUTO_REPLY,
    BEN,
    DESK,
    HANA,
    JANE,
    LUIS,
    MIA,
    PRIYA,
    SOFIA,
    TOMAS,
    Letter,
    letter_list,
)

TOGETHER = f"{ANA}, {BEN}"

ARRIVING = (
    # Logged on Jane.
    Letter(
        "import-done",
        JANE,
        ANA,
        "The import is through",
        "Hi Ana,\n\nall eight of us see their mail now. One question: can I rename a project"
        " later?\n\nJane",
    ),
    # Logged on Tomas, in Ben's mailbox.
    Letter(
        "signature-page",
        TOMAS,
        BEN,
        "Where do I sign?",
        "Hello Ben,\n\nthe board said yes this morning. Where do I sign?\n\nTomas",
    ),
    Letter(
        "import-done-answer",
        ANA,
        JANE,
        "Re: The import is through",
        "Hi Jane,\n\nyes, at any time, and nothing moves when you do.\n\nAna",
        answers="import-done",
    ),
    # Needs project: Ana's mailbox is on both of Mia's projects.
    Letter(
        "mia-both",
        MIA,
        ANA,
        "Pilot and renewal in one call?",
        "Hi Ana,\n\ncan we talk about the pilot and the renewal in one call on Friday? Hana joins"
        " for the first half.\n\nMia",
        cc=HANA,
    ),
    # Not logged: nobody knows the florist.
    Letter(
        "florist",
        "Blumen Ritter <order@ritter-flowers.example>",
        ANA,
        "Your flowers are on their way",
        "Dear customer,\n\nyour order left the shop at ten.\n\nBlumen Ritter",
    ),
    # A new contact at a known company.
    Letter(
        "acme-buyer",
        "Ruth Ansah <ruth.ansah@acme.example>",
        ANA,
        "Invoice for the first month",
        "Hello,\n\nplease send the invoice for the first month to me; Jane is copied.\n\nRuth Ansah"
        "\nPurchasing, Acme Tools",
        cc=JANE,
    ),
    # One mail, two mailboxes, one activity.
    Letter(
        "to-both",
        SOFIA,
        TOGETHER,
        "Thank you, both of you",
        "Dear Ana, dear Ben,\n\nthe auditors are content. Thank you for the one page.\n\nSofia",
    ),
    # Not logged: everybody on it is one of us.
    Letter(
        "lunch",
        BEN,
        ANA,
        "Lunch at one?",
        "The usual place, to celebrate Harbour.\n\nBen",
    ),
    # Not logged: an automatic answer.
    Letter(
        "luis-away",
        "Luis Ferrer <luis.ferrer@home-post.example>",
        ANA,
        "Automatic reply: Spreadsheets for the import",
        "I am away until Monday.\n\nLuis",
        machine=AUTO_REPLY,
    ),
    # Not logged: the ignored newsletter.
    Letter(
        "digest",
        "The Weekly Digest <letters@digest.example>",
        "readers@digest.example",
        "What the first ninety days decide",
        "What the first ninety days decide: this week's letter.",
        html="<table width='600' style='background:#f4f1ea'><tr><td><h1>The Weekly Digest</h1>"
        "<p>What the first ninety days decide.</p></td></tr></table>",
        machine=letter_list("readers@digest.example"),
    ),
    Letter(
        "desk-invoice",
        DESK,
        BEN,
        "Invoice 2207 is booked",
        "Good morning,\n\ninvoice 2207 is booked and is paid on the 15th.\n\nFreight Desk",
        cc=TOMAS,
    ),
    Letter(
        "cities",
        LUIS,
        ANA,
        "The report by city, once more",
        "Hi Ana,\n\nthe report is what I wanted. Could the cities be sorted by number of mails?"
        "\n\nLuis",
        cc=JANE,
    ),
    # Not logged in Ben's mailbox: Priya is a contact of the other project only.
    Letter(
        "priya-to-ben",
        PRIYA,
        BEN,
        "A word about invoices",
        "Hi Ben,\n\nAna said that you know how the invoices of the trial work. Do you?\n\nPriya",
    ),
    Letter(
        "signature-answer",
        BEN,
        TOMAS,
        "Re: Where do I sign?",
        "Hello Tomas,\n\non page three. Congratulations on Gdansk!\n\nBen",
        answers="signature-page",
    ),
    # Not logged yet: a company that nobody has written down. Adding it logs this mail.
    Letter(
        "fjord",
        "Tove Lund <tove.lund@fjord-outdoor.example>",
        ANA,
        "Trial for twenty people",
        "Dear Ana,\n\nwe would like to try it with twenty people in January. Who should I talk to?"
        "\n\nTove Lund\nFjord Outdoor",
    ),
)
