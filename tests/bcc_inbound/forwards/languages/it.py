"""Italian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="it",
    prefix="I",
    gmail="Da",
    dates=(
        "lun 3 mar 2025 alle ore 10:00",
        "lunedì 3 marzo 2025 10:00",
        "3 marzo 2025 alle ore 10:00:00 CET",
    ),
    outlook=("Da", "Inviato", "A", "Cc", "Oggetto"),
    apple=("Inizio messaggio inoltrato", "Da", "Oggetto", "Data", "A", "Cc", "Rispondi a"),
    yahoo=("Messaggio inoltrato", "Da", "A", "Cc", "Inviato", "Oggetto"),
    thunderbird=("Messaggio Inoltrato", "Oggetto", "Data", "Mittente", "A", "CC"),
    hubspot=("Messaggio inoltrato", "Da", "Data", "Oggetto", "A", "Cc"),
    original="Messaggio originale",
)
