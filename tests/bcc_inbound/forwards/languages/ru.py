"""Russian: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="ru",
    prefix="FW",
    gmail="От",
    dates=(
        "пн, 3 мар. 2025 г. в 10:00",
        "3 марта 2025 г. 10:00",
        "3 марта 2025 г., 10:00:00 GMT+3",
    ),
    outlook=("От", "Отправлено", "Кому", "Копия", "Тема"),
    apple=(
        "Начало переадресованного сообщения",
        "Отправитель",
        "Тема",
        "Дата",
        "Кому",
        "Копия",
        "Ответ-Кому",
    ),
    yahoo=("Пересылаемое сообщение", "От", "Кому", "Копия", "Отправлено", "Тема"),
    thunderbird=("Перенаправленное сообщение", "Тема", "Дата", "От", "Кому", "Копия"),
    original="Исходное сообщение",
)
