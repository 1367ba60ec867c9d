"""Polish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="pl",
    prefix="PD",
    gmail="Od",
    dates=(
        "pon., 3 mar 2025 o 10:00",
        "poniedziałek, 3 marca 2025 10:00",
        "3 marca 2025 o 10:00:00 CET",
    ),
    outlook=("Od", "Wysłano", "Do", "DW", "Temat"),
    apple=("Początek przekazywanej wiadomości", "Od", "Temat", "Data", "Do", "Dw", "Odpowiedź-do"),
    yahoo=("Przekazana wiadomość", "Od", "Do", "Dw", "Wysłano", "Temat"),
    thunderbird=("Treść przekazanej wiadomości", "Temat", "Data", "Nadawca", "Adresat", "Kopia"),
    hubspot=("Wiadomość przesłana dalej", "Od", "Data", "Temat", "Do", "DW"),
    original="Wiadomość oryginalna",
)
