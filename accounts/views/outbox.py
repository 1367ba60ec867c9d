"""The demo's outgoing mail, which is written to files instead of being sent."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

MOST = 50
_LARGEST = 1_000_000
# Django's file backend ends each mail with a line of 79 hyphens.
_END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"
_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Sent:
    """One mail as the page shows it."""

    to: str
    subject: str
    at: datetime | None
    body: SafeString


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Only in the demo: elsewhere these mails reach people, and there is nothing to see here."""
    if not settings.DEMO:
        raise Http404
    return render(request, "accounts/outbox.html", {"mails": _newest(MOST)})


def _newest(most: int) -> list[Sent]:
    folder = Path(settings.EMAIL_FILE_PATH or "")
    if not settings.EMAIL_FILE_PATH or not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails: list[Sent] = []
    for file in files[:most]:
        parts = file.read_bytes()[:_LARGEST].split(_END_OF_MAIL)
        mails.extend(_read(part) for part in reversed(parts) if part.strip())
    return mails[:most]


def _read(raw: bytes) -> Sent:
    mail = message_from_bytes(raw.lstrip(), policy=policy.default)
    body = mail.get_body(("plain",))
    return Sent(
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        at=_moment(str(mail["Date"] or "")),
        body=with_links(str(body.get_content()) if body else ""),
    )


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    # "-0000" means a time in UTC from a sender who does not tell the zone (RFC 5322, 3.3).
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def with_links(text: str) -> SafeString:
    """Plain text with its web addresses made clickable and everything else escaped."""
    pieces, start = [], 0
    for found in _LINK.finditer(text):
        address = found.group().rstrip(".,;)")
        link = format_html('<a class="link" href="{}">{}</a>', address, address)
        pieces.append((text[start : found.start()], link))
        start = found.start() + len(address)
    return format_html("{}{}", format_html_join("", "{}{}", pieces), text[start:])
