"""Chinese, traditional: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="zh-hant",
    prefix="轉寄",
    gmail="寄件者",
    gmail_marker="轉寄的郵件",
    wide=True,
    dates=("2025年3月3日 週一 上午10:00", "2025年3月3日 10:00", "2025年3月3日 GMT+8 上午10:00:00"),
    outlook=("寄件者", "寄件日期", "收件者", "副本", "主旨"),
    apple=("以下是轉寄的郵件", "寄件人", "主旨", "日期", "收件人", "副本", "回覆"),
    original="原始郵件",
)
