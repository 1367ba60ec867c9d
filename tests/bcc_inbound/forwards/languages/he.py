"""Hebrew: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="he",
    prefix="FW",
    gmail="מאת",
    gmail_marker="הודעה שהועברה",
    rtl=True,
    dates=(
        "יום ב׳, 3 במרץ 2025 ב-10:00",
        "יום שני 03 מרץ 2025 10:00",
        "3 במרץ 2025 בשעה 10:00:00 GMT+2",
    ),
    outlook=("מאת", "נשלח", "אל", "עותק", "נושא"),
    apple=("תחילת ההודעה שהועברה", "מאת", "נושא", "תאריך", "אל", "עותק", "השב אל"),
    original="הודעה מקורית",
)
