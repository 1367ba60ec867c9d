"""Norwegian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="nb",
    prefix="VS",
    gmail="Fra",
    dates=(
        "man. 3. mars 2025 kl. 10:00",
        "mandag 3. mars 2025 10:00",
        "3. mars 2025 kl. 10:00:00 CET",
    ),
    outlook=("Fra", "Sendt", "Til", "Kopi", "Emne"),
    apple=("Videresendt melding", "Fra", "Emne", "Dato", "Til", "Kopi", "Svar til"),
    yahoo=("Videresendt melding", "Fra", "Til", "Kopi", "Sendt", "Emne"),
    thunderbird=("Videresendt melding", "Emne", "Dato", "Fra", "Til", "CC"),
    original="Opprinnelig melding",
)
