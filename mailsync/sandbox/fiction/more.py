"""What else Ben got and sent in the autumn. Each thread ends in another place."""

from mailsync.sandbox.fiction.letters import (
    ANA,
    AUTO_REPLY,
    BEN,
    DESK,
    JANE,
    MIA,
    SOFIA,
    TOMAS,
    Letter,
    letter_list,
)

BENS = (
    # Logged on Tomas, who is a contact of Renewals.
    Letter(
        "seats",
        TOMAS,
        BEN,
        "Two more seats from December",
        "Hello Ben,\n\nwe open a second desk in Gdansk in December. Can we add two seats to the"
        " running contract, or do we wait for the renewal?\n\nTomas",
        days=33,
    ),
    Letter(
        "seats-answer",
        BEN,
        TOMAS,
        "Re: Two more seats from December",
        "Hello Tomas,\n\nadd them now: I prorate December and January, and the renewal starts with"
        " fourteen.\n\nBen",
        answers="seats",
        days=33,
        hour=13,
    ),
    # A contact is made: nobody knows Erik, but harbour.example is Harbour Freight Lines.
    Letter(
        "erik",
        "Erik Dahl <erik.dahl@harbour.example>",
        BEN,
        "Who to invite for Gdansk",
        "Hi Ben,\n\nTomas asked me to send you the names for the new desk: Marta Zielinska and"
        " Oskar Nowak. Both start on the first.\n\nErik Dahl\nHarbour Freight Lines",
        cc=TOMAS,
        days=30,
    ),
    # Not logged: Jane is a contact of the other project only.
    Letter(
        "jane-wrong-desk",
        JANE,
        BEN,
        "Was this meant for Ana?",
        "Hi Ben,\n\nI got your calendar link, but our kick-off is with Ana. Shall I ignore it?"
        "\n\nJane",
        days=29,
    ),
    # Logged on Sofia.
    Letter(
        "audit",
        SOFIA,
        BEN,
        "Our auditors ask for one page",
        "Dear Ben,\n\nour auditors want one page about where the data lies and who can read it."
        " The answers of the questionnaire, in short.\n\nKind regards\nSofia Berg",
        days=27,
    ),
    Letter(
        "audit-answer",
        BEN,
        SOFIA,
        "Re: Our auditors ask for one page",
        "Dear Sofia,\n\nthe page follows tomorrow. Ana reads it before it goes out.\n\nBen",
        cc=ANA,
        answers="audit",
        days=27,
        hour=15,
    ),
    # Not logged: everybody on it is one of us.
    Letter(
        "one-page",
        ANA,
        BEN,
        "The page for Kestrel",
        "Two sentences are too long, the rest is good. Send it.\n\nAna",
        days=26,
    ),
    # Not logged: nobody knows the landlord.
    Letter(
        "landlord",
        "Hausverwaltung Brandt <office@brandt-houses.example>",
        BEN,
        "Heating inspection on Thursday",
        "Dear tenants,\n\nthe heating is inspected on Thursday between nine and eleven. Please let"
        " the engineer in.\n\nBrandt",
        days=25,
    ),
    # Not logged: a list, though its company is a customer.
    Letter(
        "kestrel-letter",
        "Kestrel Insurance <letter@kestrel.example>",
        "partners@kestrel.example",
        "Five claims of the month",
        "This month: the five claims that nobody saw coming.",
        html="<h1>Five claims of the month</h1><p>This month: the five claims that nobody saw"
        " coming.</p><ul><li>A crane</li><li>A flood in a lift</li><li>Two swans</li></ul>",
        machine=letter_list("partners@kestrel.example"),
        days=24,
    ),
    # Not logged: an automatic answer of the freight desk's address.
    Letter(
        "desk-away",
        DESK,
        BEN,
        "Automatic reply: Invoice address for the renewal",
        "The freight desk is closed today. We answer on the next working day.",
        machine=AUTO_REPLY,
        days=22,
    ),
    # Logged on Mia: in this mailbox Renewals is her only project in scope.
    Letter(
        "lumen-terms",
        MIA,
        BEN,
        "Terms for a second year",
        "Hi Ben,\n\nif the pilot goes well we sign for two years. What does that do to the price?"
        "\n\nMia",
        days=19,
    ),
    Letter(
        "lumen-terms-answer",
        BEN,
        MIA,
        "Re: Terms for a second year",
        "Hi Mia,\n\neight per cent less for two years, paid yearly. I put it into the offer."
        "\n\nBen",
        answers="lumen-terms",
        days=18,
    ),
    # Not logged: a recruiter whom nobody knows.
    Letter(
        "recruiter",
        "Pia Keller <pia.keller@talent-scouts.example>",
        BEN,
        "A role you may like",
        "Hello Ben,\n\nI look for somebody who keeps customers. Fifteen minutes this week?\n\nPia",
        days=15,
    ),
    # Not logged: the ignored newsletter.
    Letter(
        "digest-renewals",
        "The Weekly Digest <letters@digest.example>",
        "readers@digest.example",
        "Renewals without a discount",
        "Renewals without a discount: this week's letter.\n\nYou can leave this list at any time.",
        machine=letter_list("readers@digest.example"),
        days=12,
    ),
    # Logged: a longer conversation with a colleague of Sofia's, who becomes a contact.
    Letter(
        "claims-desk",
        "Noor Haddad <noor.haddad@kestrel.example>",
        BEN,
        "Export of all claims mails",
        "Hello Ben,\n\nI run the claims desk. Is there a way to get everything about one claim as"
        " files, with attachments?\n\nNoor Haddad",
        cc=SOFIA,
        days=9,
    ),
    Letter(
        "claims-desk-answer",
        BEN,
        "Noor Haddad <noor.haddad@kestrel.example>",
        "Re: Export of all claims mails",
        "Hello Noor,\n\nyes, a contact's page has an export. Shall I show you on Monday?\n\nBen",
        cc=SOFIA,
        answers="claims-desk",
        days=9,
        hour=11,
    ),
    Letter(
        "claims-desk-thanks",
        "Noor Haddad <noor.haddad@kestrel.example>",
        BEN,
        "Re: Export of all claims mails",
        "Monday at two, please.\n\nNoor",
        cc=SOFIA,
        answers="claims-desk-answer",
        days=8,
    ),
    # Not logged: private.
    Letter(
        "choir",
        "Singing on Wednesdays <choir@wednesday-singers.example>",
        BEN,
        "No rehearsal next week",
        "The hall is being painted. We meet again in two weeks.\n\nLotte",
        days=4,
    ),
    Letter(
        "harbour-po",
        DESK,
        BEN,
        "Purchase order 4471",
        "Good morning,\n\nthe purchase order for the two seats is 4471. Please put it on the"
        " invoice.\n\nFreight Desk",
        cc=TOMAS,
        days=2,
    ),
)
