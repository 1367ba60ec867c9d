"""Hungarian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="hu",
    prefix="FW",
    gmail="Feladó",
    dates=(
        "2025. márc. 3., H 10:00",
        "2025. március 3., hétfő 10:00",
        "2025. március 3. 10:00:00 CET",
    ),
    outlook=("Feladó", "Elküldve", "Címzett", "Másolatot kap", "Tárgy"),
    apple=(
        "Továbbított levél kezdete",
        "Feladó",
        "Tárgy",
        "Dátum",
        "Címzett",
        "Másolat",
        "Válaszcím",
    ),
    yahoo=("Továbbított üzenet", "Feladó", "Címzett", "Másolat", "Elküldve", "Tárgy"),
    thunderbird=("Továbbított üzenet", "Tárgy", "Dátum", "Feladó", "Címzett", "CC"),
    original="Eredeti üzenet",
)
