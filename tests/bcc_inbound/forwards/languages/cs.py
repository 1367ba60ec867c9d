"""Czech: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="cs",
    prefix="FW",
    gmail="Od",
    dates=("po 3. 3. 2025 v 10:00", "pondělí 3. března 2025 10:00", "3. března 2025 10:00:00 SEČ"),
    outlook=("Od", "Odesláno", "Komu", "Kopie", "Předmět"),
    apple=("Začátek přeposílané zprávy", "Od", "Předmět", "Datum", "Komu", "Kopie", "Odpověď na"),
    yahoo=("Přeposlaná zpráva", "Od", "Komu", "Kopie", "Datum", "Předmět"),
    thunderbird=("Přeposlaná zpráva", "Předmět", "Datum", "Od", "Komu", "Kopie"),
    original="Původní zpráva",
)
