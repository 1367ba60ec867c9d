"""Danish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="da",
    prefix="VS",
    gmail="Fra",
    dates=("man. 3. mar. 2025 kl. 10.00", "3. marts 2025 10:00", "3. marts 2025 kl. 10.00.00 CET"),
    outlook=("Fra", "Sendt", "Til", "Cc", "Emne"),
    apple=("Start på videresendt besked", "Fra", "Emne", "Dato", "Til", "Cc", "Svar til"),
    yahoo=("Videresendt meddelelse", "Fra", "Til", "Cc", "Sendt", "Emne"),
    thunderbird=("Videresendt meddelelse", "Subject", "Date", "From", "To", "CC"),
    original="Oprindelig meddelelse",
)
