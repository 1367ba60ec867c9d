"""Ukrainian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="uk",
    prefix="FW",
    gmail="Від",
    dates=(
        "пн, 3 бер. 2025 р. о 10:00",
        "3 березня 2025 р. 10:00",
        "3 березня 2025 р. о 10:00:00 GMT+2",
    ),
    outlook=("Від", "Надіслано", "Кому", "Копія", "Тема"),
    apple=(
        "Початок листа, що пересилається",
        "Від кого",
        "Тема",
        "Дата",
        "Кому",
        "Копія",
        "Кому відповісти",
    ),
    yahoo=("Перенаправлене повідомлення", "Від", "Кому", "Копія", "Відправлено", "Тема"),
    thunderbird=("Переслане повідомлення", "Тема", "Дата", "Від", "Кому", "CC"),
    original="Оригінальне повідомлення",
)
