"""What was spent of a mail service's allowance, and which calls to it are under way."""

import uuid
from datetime import UTC, datetime

from django.db import models

from accounts.tenancy import WorkspaceModel, owned
from mailsync.models.mailboxes import Mailbox

MOST_CALLS = 4
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def long_ago() -> datetime:
    """When a place that nobody holds was let go."""
    return _NEVER


class Spending(WorkspaceModel):
    """What a mailbox spent lately, in its provider's units, by slices of its window of time."""

    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    spent = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "spending"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "mailbox"], name="mailsync_spending_once"),
            *owned("mailsync_spending", "mailbox"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ProjectSpending(models.Model):
    """What all mailboxes together spent at one provider, by slices and by workspace.

    It belongs to nobody: the provider counts the requests of our whole registered app. Nothing
    stands in it but numbers and ids of workspaces.
    """

    provider = models.CharField(max_length=5, primary_key=True, choices=Mailbox.Provider.choices)
    spent = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "project spending"

    def __str__(self) -> str:
        return self.provider


class CallPlace(WorkspaceModel):
    """One of the few places for calls under way about a mailbox; held until it is let go.

    There are no more rows than a provider allows calls at a time, so that one more can never
    happen. `held_until` frees the place of a worker that died.
    """

    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    holder = models.UUIDField(default=uuid.uuid4)
    held_until = models.DateTimeField(default=long_ago)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mailbox", "number"], name="mailsync_callplace_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_CALLS),
                name="mailsync_callplace_few",
            ),
            *owned("mailsync_callplace", "mailbox"),
        ]

    def __str__(self) -> str:
        return str(self.id)
