"""Korean: Outlook from its help pages, the others as public code knows them."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="ko",
    prefix="FW",
    gmail="보낸사람",
    gmail_marker="전달된 메일",
    dates=(
        "2025년 3월 3일 (월) 오전 10:00",
        "2025년 3월 3일 월요일 10:00",
        "2025년 3월 3일 오전 10시 00분 00초 GMT+9",
    ),
    outlook=("보낸 사람", "보낸 날짜", "받는 사람", "참조", "제목"),
    apple=("전달된 메시지", "보낸 사람", "제목", "날짜", "받는 사람", "참조", "회신 주소"),
    original="원본 메시지",
)
