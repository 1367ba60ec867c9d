"""The one verb that writes down what a person did."""

import uuid
from typing import Any

from django.db import models

from accounts.models import AuditEvent, Member


def record(
    workspace_id: uuid.UUID,
    member: Member | None,
    verb: str,
    subject: models.Model | None = None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one audit row in the caller's transaction and return it.

    `verb` is a short past-tense phrase ("company created"); `before` and `after` hold what
    changed as JSON. No mail content goes in.
    """
    return AuditEvent.objects.create(
        workspace_id=workspace_id,
        member=member,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        before=before,
        after=after,
    )
