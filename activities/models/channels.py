"""The ways in, and the entries that keep mail out of the record."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import OWNER_OR_NOBODYS, WorkspaceModel, owned
from contacts.models import Project


class Channel(WorkspaceModel):
    """One way in: a mailbox of a member, or an inbound address.

    `owner` is the member whose mailbox it is (none for an inbound address). `looks_back` lets a
    later change log mail that is already here; `starts_at` leaves out what was received before.
    """

    class Source(models.TextChoices):
        SYNC = "sync", "Mailbox"
        BCC = "bcc", "Inbound address"
        SENT = "sent", "Sent from Threadwell"

    class Sharing(models.TextChoices):
        EVERYTHING = "everything", "Everything"
        SUBJECT = "subject", "Subject"
        METADATA = "metadata", "Metadata only"

    owner = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="channels",
    )
    source = models.CharField(max_length=5, choices=Source.choices)
    name = models.CharField(max_length=254)
    looks_back = models.BooleanField(default=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.EVERYTHING)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [*owned("activities_channel", "owner", routed=True)]

    def __str__(self) -> str:
        return self.name


class ChannelProject(WorkspaceModel):
    """A project that is in scope for a channel (R7). The workspace's own address has none."""

    channel = models.ForeignKey(
        Channel,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="channel_projects",
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "channel", "project"], name="activities_channelproject_once"
            ),
            *owned("activities_channelproject", "channel", "project"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} to {self.project_id}"


class Entry(WorkspaceModel):
    """An ignored or blocked address, domain or pattern, of the workspace or of one member (R3)."""

    class Effect(models.TextChoices):
        IGNORE = "ignore", "Ignore"
        BLOCK = "block", "Block"

    class Kind(models.TextChoices):
        ADDRESS = "address", "Address"
        DOMAIN = "domain", "Domain"
        PATTERN = "pattern", "Pattern"

    member = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        blank=True,
        related_name="entries",
    )
    effect = models.CharField(max_length=6, choices=Effect.choices)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    value = models.CharField(max_length=254)
    subdomains = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    hits = models.PositiveBigIntegerField(default=0)
    last_hit_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "kind", "value"],
                nulls_distinct=False,
                name="activities_entry_once",
            ),
            *owned("activities_entry", "member"),
        ]

    def __str__(self) -> str:
        return self.value


class AutomatedClass(WorkspaceModel):
    """A class of automated mail that an admin lets through (R11)."""

    class Name(models.TextChoices):
        REPORT = "report", "Delivery reports"
        AUTO_REPLY = "auto_reply", "Automatic replies"
        CALENDAR_REPLY = "calendar_reply", "Calendar replies"
        BULK = "bulk", "Newsletters and lists"

    name = models.CharField(max_length=14, choices=Name.choices)

    class Meta:
        verbose_name_plural = "automated classes"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], name="activities_automatedclass_once"
            ),
            *owned("activities_automatedclass"),
        ]

    def __str__(self) -> str:
        return self.get_name_display()


class BlockedMail(WorkspaceModel):
    """That a blocked mail came, for the person concerned, and nothing of the mail itself.

    `digest` is the keyed hash of the provider's id, so that the mail is counted once.
    """

    owner = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    digest = models.BinaryField(max_length=32)
    blocked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "digest"], name="activities_blockedmail_once"
            ),
            *owned("activities_blockedmail", "owner", "channel", "entry", also=OWNER_OR_NOBODYS),
        ]
        indexes = [models.Index(fields=["workspace", "owner", "-id"], name="activities_blocked_ix")]

    def __str__(self) -> str:
        return f"blocked {self.id}"
