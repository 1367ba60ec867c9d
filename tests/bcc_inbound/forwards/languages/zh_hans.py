"""Chinese, simplified: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="zh-hans",
    prefix="转发",
    gmail="发件人",
    gmail_marker="转发的邮件",
    wide=True,
    dates=("2025年3月3日周一 10:00", "2025年3月3日 10:00", "2025年3月3日 GMT+8 10:00:00"),
    outlook=("发件人", "发送时间", "收件人", "抄送", "主题"),
    apple=("以下是转发的邮件", "发件人", "主题", "日期", "收件人", "抄送", "回复"),
    original="原始邮件",
)
