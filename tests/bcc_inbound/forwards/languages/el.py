"""Greek: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="el",
    prefix="ΠΡΘ",
    gmail="Από",
    gmail_marker="Προωθημένο μήνυμα",
    dates=(
        "Δευ 3 Μαρ 2025 στις 10:00 π.μ.",
        "Δευτέρα, 3 Μαρτίου 2025 10:00 πμ",
        "3 Μαρτίου 2025 στις 10:00:00 π.μ. EET",
    ),
    outlook=("Από", "Στάλθηκε", "Προς", "Κοιν.", "Θέμα"),
    apple=(
        "Αρχή προωθημένου μηνύματος",
        "Από",
        "Θέμα",
        "Ημερομηνία",
        "Προς",
        "Κοιν.",
        "Απάντηση σε",
    ),
    original="Αρχικό μήνυμα",
)
