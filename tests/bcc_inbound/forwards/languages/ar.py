"""Arabic: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="ar",
    prefix="FW",
    gmail="من",
    gmail_marker="رسالة معاد توجيهها",
    rtl=True,
    dates=(
        "الاثنين، 3 مارس 2025 في 10:00 ص",
        "الاثنين، 3 مارس 2025 10:00 ص",
        "3 مارس 2025 في 10:00:00 ص GMT+3",
    ),
    outlook=("من", "تاريخ الإرسال", "إلى", "نسخة", "الموضوع"),
    original="الرسالة الأصلية",
)
