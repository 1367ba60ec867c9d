"""Swedish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="sv",
    prefix="VB",
    gmail="Från",
    dates=("mån 3 mars 2025 kl 10:00", "den 3 mars 2025 10:00", "3 mars 2025 10:00:00 CET"),
    outlook=("Från", "Skickat", "Till", "Kopia", "Ämne"),
    apple=("Vidarebefordrat mejl", "Från", "Ämne", "Datum", "Till", "Kopia", "Svara till"),
    yahoo=("Vidarebefordrat meddelande", "Från", "Till", "Kopia", "Skickat", "Ämne"),
    thunderbird=("Vidarebefordrat meddelande", "Ämne", "Datum", "Från", "Till", "Kopia"),
    hubspot=("Vidarebefordrat meddelande", "Från", "Datum", "Ämne", "Till", "Kopia"),
    original="Ursprungligt meddelande",
)
