"""Croatian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="hr",
    prefix="FW",
    gmail="Šalje",
    dates=("pon, 3. ožu 2025. u 10:00", "3. ožujka 2025. 10:00", "3. ožujka 2025. u 10:00:00 CET"),
    outlook=("Od", "Poslano", "Za", "Kopija", "Predmet"),
    apple=(
        "Započni proslijeđenu poruku",
        "Šalje",
        "Predmet",
        "Datum",
        "Prima",
        "Cc",
        "Odgovori na",
    ),
    thunderbird=("Proslijeđena poruka", "Naslov", "Datum", "Šalje", "Prima", "CC"),
    original="Izvorna poruka",
)
