"""Hints that a mailbox has news, beside its row: a page keeps that one locked while it commits."""

from django.db import models

from accounts.tenancy import WorkspaceModel, owned
from mailsync.models.mailboxes import Mailbox


class Hint(WorkspaceModel):
    """Somebody said that the mailbox has news: its vendor, IDLE, or a person who wants it read.

    It is open while `heard_at` is after the mailbox's `began_at`, which is when its last run
    began: that run, or a later one, has seen whatever was hinted at before. `since` is the first
    hint that is open and `heard_at` the last of the `times` that one was written down; `due_at` is
    when a run should follow.
    """

    # One a mailbox by the constraint below. A second unique index, which a one-to-one field makes,
    # would let two first hints at the same moment wait for each other for ever.
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    since = models.DateTimeField()
    heard_at = models.DateTimeField()
    due_at = models.DateTimeField()
    times = models.PositiveIntegerField(db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "mailbox"], name="mailsync_hint_once"),
            *owned("mailsync_hint", "mailbox", routed=True),
        ]

    def __str__(self) -> str:
        return str(self.id)
