"""German: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="de",
    prefix="WG",
    gmail="Von",
    dates=(
        "Mo., 3. März 2025 um 10:00 Uhr",
        "Montag, 3. März 2025 10:00",
        "3. März 2025 um 10:00:00 MEZ",
    ),
    outlook=("Von", "Gesendet", "An", "Cc", "Betreff"),
    apple=(
        "Anfang der weitergeleiteten Nachricht",
        "Von",
        "Betreff",
        "Datum",
        "An",
        "Kopie",
        "Antwort an",
    ),
    yahoo=("Weitergeleitete Nachricht", "Von", "An", "CC", "Gesendet", "Betreff"),
    thunderbird=("Weitergeleitete Nachricht", "Betreff", "Datum", "Von", "An", "Kopie (CC)"),
    hubspot=("Weitergeleitete Nachricht", "Von", "Datum", "Betreff", "An", "Cc"),
    original="Ursprüngliche Nachricht",
)
