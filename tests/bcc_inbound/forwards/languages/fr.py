"""French: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="fr",
    prefix="TR",
    gmail="De",
    space=" ",
    dates=("lun. 3 mars 2025 à 10:00", "lundi 3 mars 2025 10:00", "3 mars 2025 à 10:00:00 UTC+1"),
    outlook=("De", "Envoyé", "À", "Cc", "Objet"),
    apple=("Début du message réexpédié", "De", "Objet", "Date", "À", "Cc", "Répondre à"),
    yahoo=("Message transmis", "De", "À", "Cc", "Envoyé", "Objet"),
    thunderbird=("Message transféré", "Sujet", "Date", "De", "Pour", "Copie à"),
    hubspot=("Message transféré", "De", "Date", "Objet", "À", "Cc"),
    original="Message d'origine",
)
