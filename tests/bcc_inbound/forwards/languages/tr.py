"""Turkish: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="tr",
    prefix="İLT",
    gmail="Gönderen",
    dates=(
        "3 Mar 2025 Pzt, 10:00 tarihinde",
        "3 Mart 2025 Pazartesi 10:00",
        "3 Mart 2025 10:00:00 GMT+3",
    ),
    outlook=("Kimden", "Gönderildi", "Kime", "Bilgi", "Konu"),
    apple=("İleti başlangıcı", "Kimden", "Konu", "Tarih", "Kime", "Bilgi", "Yanıt Adresi"),
    yahoo=("İletilmiş Mesaj", "Kimden", "Kime", "Cc", "Gönderilen", "Konu"),
    thunderbird=("İletilen İleti", "Konu", "Tarih", "Kimden", "Kime", "CC"),
    original="Özgün İleti",
)
