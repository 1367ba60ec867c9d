"""A member's trip to a vendor's sign-in, and what is still to be said there after the end."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from mailsync.models.mailboxes import Mailbox


class Visit(WorkspaceModel):
    """A member is away at a vendor's sign-in; the row goes when they come back, so it works once.

    `state_hash` is found by what the browser brings back, `browser_hash` names the session that
    set out, `sealed_kept` is what the vendor's module needs again (code verifier, nonce). `mailbox`
    is the one that is reconnected; without one a new mailbox is connected. `send` says that the
    right to send was asked for.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    provider = models.CharField(max_length=5, choices=Mailbox.Provider.choices)
    state_hash = models.BinaryField(max_length=32)
    browser_hash = models.BinaryField(max_length=32)
    sealed_kept = models.BinaryField()
    send = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state_hash"], name="mailsync_visit_state"),
            *owned("mailsync_visit", "member", "mailbox", routed=True),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Farewell(WorkspaceModel):
    """A grant that its mailbox no longer has and the vendor still counts: it is given back there.

    First the pushes named by `watch_id` are ended, where there are any. The row goes when the
    vendor has agreed; after too many attempts it goes as well, and the audit log says so.
    """

    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="farewells",
    )
    sealed_grant = models.BinaryField()
    watch_id = models.CharField(max_length=500, blank=True)
    watch_expires_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [*owned("mailsync_farewell", "mailbox", routed=True)]
        indexes = [models.Index(fields=["due_at"], name="mailsync_farewell_due_ix")]

    def __str__(self) -> str:
        return str(self.id)
