"""Japanese: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="ja",
    prefix="FW",
    gmail="From",
    wide=True,
    dates=("2025年3月3日(月) 10:00", "2025年3月3日 10:00", "2025年3月3日 10:00:00 JST"),
    outlook=("差出人", "送信日時", "宛先", "CC", "件名"),
    apple=("転送されたメッセージ", "差出人", "件名", "日付", "宛先", "Cc", "返信先"),
    hubspot=("メッセージを転送", "送信元", "日付", "件名", "送信先", "CC"),
    original="元のメッセージ",
)
