"""Estonian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="et",
    prefix="FW",
    gmail="Saatja",
    dates=(
        "E, 3. märts 2025 kell 10:00",
        "esmaspäev, 3. märts 2025 10:00",
        "3. märts 2025 10:00:00 EET",
    ),
    outlook=("Saatja", "Saadetud", "Adressaat", "Koopia", "Teema"),
    thunderbird=("Edastatud kiri", "Teema", "Kuupäev", "Saatja", "Saaja", "Koopia"),
    original="Algne sõnum",
)
