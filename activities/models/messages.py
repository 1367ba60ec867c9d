"""Messages that the workspace keeps, and every copy of them that was seen."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from activities.models.channels import Channel
from activities.models.threads import Thread


class Message(WorkspaceModel):
    """An email that at least one copy logged or kept. One row, however many copies came (R12)."""

    class Body(models.TextChoices):
        PRESENT = "present", "Here"
        DUE = "due", "Being fetched"
        GONE = "gone", "No longer at the provider"
        IMPORT_AGAIN = "import_again", "Import the file again"
        UNREADABLE = "unreadable", "Could not be read"

    fingerprint = models.BinaryField(max_length=32, null=True)
    thread = models.ForeignKey(
        Thread,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="messages",
    )
    subject = models.CharField(max_length=998, blank=True)
    sent_at = models.DateTimeField(null=True)
    headers = models.JSONField()
    snippet = models.CharField(max_length=200, blank=True)
    body_state = models.CharField(max_length=12, choices=Body.choices, default=Body.DUE)
    body_attempts = models.PositiveSmallIntegerField(default=0)
    body_due_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "fingerprint"], name="activities_message_once"
            ),
            *owned("activities_message", "thread", routed=True),
        ]
        indexes = [
            models.Index(fields=["workspace", "thread"], name="activities_message_thread_ix"),
            models.Index(
                fields=["body_due_at"],
                condition=models.Q(body_state="due"),
                name="activities_message_due_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MessageBody(WorkspaceModel):
    """What a message says: text, and HTML that is already safe to show in its frame."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="body"
    )
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True)
    raw_sha256 = models.CharField(max_length=64, blank=True)
    raw_size = models.PositiveIntegerField(default=0)
    remote_images = models.PositiveIntegerField(default=0)
    tracking_pixels = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "message bodies"
        constraints = [*owned("activities_messagebody", "message")]

    def __str__(self) -> str:
        return str(self.message_id)


class Participant(WorkspaceModel):
    """An address in From, Sender, To or Cc of a message.

    `base` is the address without its +tag and `domain` the registrable one: by these a change of
    the directory finds the messages that it touches.
    """

    message = models.ForeignKey(
        Message,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="participants",
    )
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=6)
    address = models.CharField(max_length=254)
    base = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253)

    class Meta:
        ordering = ["position"]
        constraints = [*owned("activities_participant", "message")]
        indexes = [
            models.Index(fields=["workspace", "base"], name="activities_part_base_ix"),
            models.Index(fields=["workspace", "domain"], name="activities_part_domain_ix"),
            models.Index(fields=["workspace", "message"], name="activities_part_message_ix"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.address}"


class Sighting(WorkspaceModel):
    """One copy of a message that was logged or kept: where it was seen, and its decision.

    `owner` is the mailbox's owner, or the member who sent the mail in (none for a customer's
    answer that was accepted). `counts` is false once its owner took the copy back (V2).
    """

    class Direction(models.TextChoices):
        IN = "in", "Received"
        OUT = "out", "Sent"

    message = models.ForeignKey(
        Message,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="sightings",
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    owner = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    provider_id = models.CharField(max_length=500)
    provider_thread_id = models.CharField(max_length=500, blank=True)
    scopes = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=14)
    rule = models.CharField(max_length=4)
    decision = models.JSONField()
    copy_facts = models.JSONField(default=dict)
    counts = models.BooleanField(default=True)
    gone_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "channel", "provider_id"], name="activities_sighting_once"
            ),
            *owned("activities_sighting", "message", "channel", "owner", routed=True),
        ]
        indexes = [
            models.Index(fields=["workspace", "message"], name="activities_sighting_message_ix"),
            models.Index(
                fields=["workspace", "channel", "-received_at", "-id"],
                include=["owner"],
                name="activities_sighting_recv_ix",
            ),
            models.Index(
                fields=["workspace", "channel", "-received_at", "-id"],
                condition=models.Q(outcome="needs_project"),
                name="activities_sighting_waits_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attachment(WorkspaceModel):
    """A file of a message; its bytes stand in the blob store under their SHA-256."""

    message = models.ForeignKey(
        Message,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="attachments",
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "message", "position"], name="activities_attachment_once"
            ),
            *owned("activities_attachment", "message"),
        ]

    def __str__(self) -> str:
        return self.name
