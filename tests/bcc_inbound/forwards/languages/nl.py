"""Dutch: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="nl",
    prefix="FW",
    gmail="Van",
    dates=("ma 3 mrt 2025 om 10:00", "maandag 3 maart 2025 10:00", "3 maart 2025 om 10:00:00 CET"),
    outlook=("Van", "Verzonden", "Aan", "CC", "Onderwerp"),
    apple=(
        "Begin doorgestuurd bericht",
        "Van",
        "Onderwerp",
        "Datum",
        "Aan",
        "Kopie",
        "Antwoord aan",
    ),
    yahoo=("Doorgestuurd bericht", "Van", "Aan", "Cc", "Verzonden", "Onderwerp"),
    thunderbird=("Doorgestuurd bericht", "Onderwerp", "Datum", "Van", "Aan", "CC"),
    hubspot=("Doorgestuurd bericht", "Van", "Datum", "Onderwerp", "Aan", "Cc"),
    original="Oorspronkelijk bericht",
)
