"""Mail that is addressed to us: our addresses, and every delivery from the moment it is stored."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from activities.models import Channel, Message
from contacts.models import Project


class InboundAddress(WorkspaceModel):
    """The address of a project, or of the workspace (no project), one to one with its channel.

    `token` is the unguessable local part. A rotated address works until `works_until`.
    """

    channel = models.OneToOneField(
        Channel,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="inbound_address",
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    token = models.CharField(max_length=64)
    token_hash = models.BinaryField(max_length=32)
    works_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "inbound addresses"
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="bcc_inbound_address_token"),
            *owned("bcc_inbound_inboundaddress", "channel", "project", routed=True),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(WorkspaceModel):
    """One mail handed to us, stored before it was answered.

    `dedupe_key` is the hash of the raw bytes with the recipient; once the mail is blocked it
    becomes a keyed hash and raw, headers and envelope go in the same transaction.

    `peer`, `helo` and `envelope_sender` are the facts of SMTP by which a sender is judged;
    `reported` holds what a provider that took the mail found, as (method, result, properties).
    `rebuilt` marks bytes that a provider put together, so that no signature fits them. `proof` is
    what was found about the sender. `waits` counts the attempts that ended because the DNS did not
    answer; `attempts` counts all, and is the fence.
    """

    class State(models.TextChoices):
        DUE = "due", "Waiting to be read"
        PROCESSED = "processed", "Processed"
        HELD = "held", "Held"
        ATTENTION = "attention", "Needs attention"
        DISCARDED = "discarded", "Discarded"
        BLOCKED = "blocked", "Blocked"

    inbound_address = models.ForeignKey(
        InboundAddress,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="deliveries",
    )
    dedupe_key = models.BinaryField(max_length=32)
    source = models.CharField(max_length=20, default="smtp")
    envelope_sender = models.CharField(max_length=320, blank=True)
    peer = models.CharField(max_length=64, blank=True)
    helo = models.CharField(max_length=255, blank=True, db_default="")
    reported = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    rebuilt = models.BooleanField(default=False, db_default=False)
    proof = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    trusted_peer = models.BooleanField(default=False)
    raw = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    verdict = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True)
    header_from = models.CharField(max_length=254, blank=True)
    sender = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    released_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "dedupe_key"], name="bcc_inbound_delivery_once"
            ),
            *owned(
                "bcc_inbound_delivery",
                "inbound_address",
                "sender",
                "released_by",
                "message",
                routed=True,
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="due"),
                name="bcc_inbound_delivery_due_ix",
            ),
            models.Index(
                fields=["workspace", "state", "-received_at", "-id"],
                name="bcc_inbound_delivery_state_ix",
            ),
            models.Index(fields=["workspace", "received_at"], name="bcc_inbound_delivery_at_ix"),
            models.Index(
                fields=["workspace", "inbound_address", "-received_at"],
                name="bcc_inbound_delivery_to_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WebhookReceipt(models.Model):
    """A provider's request that was accepted, by a keyed hash of its name for it.

    It belongs to no workspace: one request may bring mail for several.
    """

    key = models.BinaryField(max_length=32, primary_key=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="bcc_inbound_receipt_at_ix")]

    def __str__(self) -> str:
        return str(self.received_at)


class TrustedSender(WorkspaceModel):
    """An outside address whose authenticated mail to one inbound address is accepted (B2)."""

    inbound_address = models.ForeignKey(
        InboundAddress,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    address = models.CharField(max_length=254)
    trusted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inbound_address", "address"],
                name="bcc_inbound_trustedsender_once",
            ),
            *owned("bcc_inbound_trustedsender", "inbound_address", "trusted_by"),
        ]

    def __str__(self) -> str:
        return str(self.id)
