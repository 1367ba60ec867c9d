"""Romanian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="ro",
    prefix="Redir.",
    gmail="De la",
    dates=(
        "lun., 3 mar. 2025 la 10:00",
        "luni, 3 martie 2025 10:00",
        "3 martie 2025, 10:00:00 EET",
    ),
    outlook=("De la", "Trimis", "Către", "Cc", "Subiect"),
    apple=(
        "Începe mesajul redirecționat",
        "Expeditorul",
        "Subiectul",
        "Dată",
        "Destinatarul",
        "Cc",
        "Răspuns către",
    ),
    yahoo=("Mesaj redirecționat", "De la", "Către", "Cc", "Trimis", "Subiect"),
    thunderbird=("Mesajul original", "Subiectul", "Dată", "de la", "Către", "CC"),
    original="Mesajul original",
)
