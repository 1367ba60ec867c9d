"""Portuguese of Portugal: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="pt-pt",
    prefix="FW",
    gmail="De",
    dates=(
        "segunda, 3/03/2025 à(s) 10:00",
        "segunda-feira, 3 de março de 2025 10:00",
        "3 de março de 2025, 10:00:00 WET",
    ),
    outlook=("De", "Enviada", "Para", "CC", "Assunto"),
    apple=(
        "Início da mensagem reencaminhada",
        "De",
        "Assunto",
        "Data",
        "Para",
        "Cc",
        "Responder A",
    ),
    yahoo=("Mensagem reencaminhada", "De", "Para", "Cc", "Enviado", "Assunto"),
    thunderbird=("Mensagem reencaminhada", "Assunto", "Data", "De", "Para", "CC"),
    original="Mensagem original",
)
