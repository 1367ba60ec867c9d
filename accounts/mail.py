"""The mails that Threadwell itself sends about people. Links start with PUBLIC_BASE_URL, never
with what a request's Host header says."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, MemberAddress, Workspace

logger = logging.getLogger(__name__)

LOOP_HEADER = "X-Threadwell-Loop"
OWN_HEADERS = {"Auto-Submitted": "auto-generated", LOOP_HEADER: "yes"}
"""On every mail that Threadwell writes by itself, so that no installation takes it for a person's
and no responder answers it (RFC 3834)."""


def send_invitation(invitation: Invitation, *, workspace: Workspace, token: str) -> bool:
    """Mail the link of an invitation; False when no mail server took it."""
    link = settings.PUBLIC_BASE_URL + reverse("accounts:invitation", args=[token])
    context = {"invitation": invitation, "workspace": workspace, "link": link}
    return _send("invitation", invitation.email, context)


def send_address_proof(row: MemberAddress, *, workspace: Workspace, token: str) -> bool:
    """Mail the link that proves an extra address; False when no mail server took it."""
    path = reverse("accounts:address_proof", args=[workspace.slug, token])
    context = {"row": row, "workspace": workspace, "link": settings.PUBLIC_BASE_URL + path}
    return _send("address_proof", row.address, context)


def _send(name: str, to: str, context: dict[str, Any]) -> bool:
    return send_notice(f"accounts/mail/{name}", to, context)


def send_notice(name: str, to: str, context: dict[str, Any]) -> bool:
    """Mail what the two templates `name`.txt and `name`_subject.txt say; False when no mail server
    took it."""
    subject = render_to_string(f"{name}_subject.txt", context)
    body = render_to_string(f"{name}.txt", context)
    try:
        EmailMessage(" ".join(subject.split()), body, None, [to], headers=OWN_HEADERS).send()
    except (OSError, SMTPException) as error:
        logger.warning("A mail (%s) could not be sent: %s", name, type(error).__name__)
        return False
    return True
