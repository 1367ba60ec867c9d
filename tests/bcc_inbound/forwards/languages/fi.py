"""Finnish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="fi",
    prefix="VL",
    gmail="Lähettäjä",
    dates=(
        "ma 3. maalisk. 2025 klo 10.00",
        "maanantai 3. maaliskuuta 2025 10.00",
        "3. maaliskuuta 2025 klo 10.00.00 UTC+2",
    ),
    outlook=("Lähettäjä", "Lähetetty", "Vastaanottaja", "Kopio", "Aihe"),
    apple=(
        "Välitetty viesti alkaa",
        "Lähettäjä",
        "Aihe",
        "Päivämäärä",
        "Vastaanottaja",
        "Kopio",
        "Vastaus",
    ),
    yahoo=("Edelleenlähetetty viesti", "Lähettäjä", "Vastaanottaja", "Kopio", "Lähetetty", "Aihe"),
    thunderbird=(
        "Välitetty viesti / Fwd.Msg",
        "Aihe",
        "Päiväys",
        "Lähettäjä",
        "Vastaanottaja",
        "CC",
    ),
    hubspot=(
        "Edelleenlähetetty viesti",
        "Lähettäjä",
        "Päivämäärä",
        "Aihe",
        "Vastaanottaja",
        "Kopio",
    ),
    original="Alkuperäinen viesti",
)
