"""A mailbox's private rows: copies that nothing logged or kept, closed to everybody else (V1).

A private message lives whole in one row - headers, participants, decision - and never carries a
body. The policy asks for the owner, so a colleague's session cannot read it by any query.
"""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import OWNER_ONLY, WorkspaceModel, owned
from activities.models.channels import Channel
from activities.models.messages import Sighting
from activities.models.threads import Thread


class PrivateMessage(WorkspaceModel):
    """One unlogged copy, as its owner's mailbox showed it.

    `out_of_scope` says why sync does not look at it (R1), in the engine's word, or nothing.
    """

    owner = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    provider_id = models.CharField(max_length=500)
    provider_thread_id = models.CharField(max_length=500, blank=True)
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    fingerprint = models.BinaryField(max_length=32, null=True)
    subject = models.CharField(max_length=998, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    headers = models.JSONField()
    scopes = models.JSONField(default=list)
    out_of_scope = models.CharField(max_length=20, blank=True)
    flags = models.JSONField(default=list)
    direction = models.CharField(max_length=3, choices=Sighting.Direction.choices)
    outcome = models.CharField(max_length=14)
    rule = models.CharField(max_length=4)
    decision = models.JSONField()
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "channel", "provider_id"], name="activities_private_once"
            ),
            *owned("activities_privatemessage", "owner", "channel", "thread", also=OWNER_ONLY),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "channel", "-received_at", "-id"],
                include=["owner"],
                name="activities_private_recv_ix",
            ),
            models.Index(
                fields=["workspace", "channel", "rule", "-received_at", "-id"],
                name="activities_private_rule_ix",
            ),
            models.Index(
                fields=["workspace", "channel", "-received_at", "-id"],
                condition=models.Q(outcome="needs_project"),
                name="activities_private_waits_ix",
            ),
            models.Index(fields=["workspace", "fingerprint"], name="activities_private_fp_ix"),
            models.Index(fields=["workspace", "thread"], name="activities_private_thread_ix"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PrivateParticipant(WorkspaceModel):
    """Finds the private messages that a changed address or domain touches (C1).

    `base` is the address without its +tag, `domain` the registrable one.
    """

    owner = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    private_message = models.ForeignKey(
        PrivateMessage,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="keys",
    )
    base = models.CharField(max_length=254)
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            *owned("activities_privateparticipant", "owner", "private_message", also=OWNER_ONLY),
        ]
        indexes = [
            models.Index(fields=["workspace", "base"], name="activities_ppart_base_ix"),
            models.Index(fields=["workspace", "domain"], name="activities_ppart_domain_ix"),
            models.Index(
                fields=["workspace", "private_message"], name="activities_ppart_message_ix"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
