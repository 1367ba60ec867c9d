"""Spanish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="es",
    prefix="RV",
    gmail="De",
    dates=(
        "lun, 3 mar 2025 a las 10:00",
        "lunes, 3 de marzo de 2025 10:00",
        "3 de marzo de 2025, 10:00:00 CET",
    ),
    outlook=("De", "Enviado", "Para", "CC", "Asunto"),
    apple=("Inicio del mensaje reenviado", "De", "Asunto", "Fecha", "Para", "Cc", "Responder a"),
    yahoo=("Mensaje reenviado", "De", "Para", "CC", "Enviado", "Asunto"),
    thunderbird=("Mensaje reenviado", "Asunto", "Fecha", "De", "Para", "CC"),
    hubspot=("Mensaje reenviado", "De", "Fecha", "Asunto", "A", "Cc"),
    original="Mensaje original",
)
