"""Slovak: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="sk",
    prefix="FW",
    gmail="Od",
    dates=("po 3. 3. 2025 o 10:00", "pondelok 3. marca 2025 10:00", "3. marca 2025 o 10:00:00 SEČ"),
    outlook=("Od", "Odoslané", "Komu", "Kópia", "Predmet"),
    apple=("Začiatok preposlanej správy", "Od", "Predmet", "Dátum", "Pre", "Cc", "Odpovedať-Pre"),
    yahoo=("Preposlaná správa", "Od", "Komu", "Kópia", "Odoslané", "Predmet"),
    thunderbird=(
        "Preposlaná správa --- Forwarded Message",
        "Predmet",
        "Dátum",
        "Od",
        "Pre",
        "Kópia",
    ),
    original="Pôvodná správa",
)
