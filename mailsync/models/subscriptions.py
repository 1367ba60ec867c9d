"""What a mail service was asked to tell us: pushes about one mailbox, until they end."""

from django.db import models
from django.db.models.functions import Now

from accounts.tenancy import WorkspaceModel, owned
from mailsync.models.mailboxes import Mailbox


class Subscription(WorkspaceModel):
    """The provider's promise to send pushes about a mailbox until `expires_at`.

    `provider_id` is the provider's name for it, `secret_hash` the keyed hash of what each push has
    to carry (empty where pushes are signed instead). `renew_at` is when we ask again, well before
    the end, and `renewed_at` when we last did; `failures` counts attempts in a row that did not
    succeed.
    """

    mailbox = models.OneToOneField(
        Mailbox,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="subscription",
    )
    provider_id = models.CharField(max_length=500, blank=True)
    secret_hash = models.BinaryField(max_length=32, default=bytes)
    expires_at = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(db_default=Now())
    renewed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    pushed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mailbox"], name="mailsync_subscription_once"
            ),
            *owned("mailsync_subscription", "mailbox", routed=True),
        ]
        indexes = [
            models.Index(fields=["provider_id"], name="mailsync_subscription_id_ix"),
            models.Index(fields=["renew_at"], name="mailsync_subscription_renew_ix"),
        ]

    def __str__(self) -> str:
        return str(self.id)
