"""Portuguese of Brazil: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="pt-br",
    prefix="ENC",
    gmail="De",
    dates=(
        "seg., 3 de mar. de 2025 às 10:00",
        "segunda-feira, 3 de março de 2025 10:00",
        "3 de março de 2025 10:00:00 BRT",
    ),
    outlook=("De", "Enviado", "Para", "Cc", "Assunto"),
    apple=("Início da mensagem encaminhada", "De", "Assunto", "Data", "Para", "Cc", "Responder a"),
    yahoo=("Mensagem encaminhada", "De", "Para", "Cc", "Enviado", "Assunto"),
    thunderbird=("Mensagem encaminhada", "Assunto", "Data", "De", "Para", "CC"),
    hubspot=("Mensagem encaminhada", "De", "Data", "Assunto", "Para", "Cc"),
    original="Mensagem original",
)
