"""Mailboxes that we pull: their state, cursor, lease and folders."""

from django.db import models
from django.db.models.functions import Lower, Now

from accounts.tenancy import WorkspaceModel, owned
from activities.models import Channel


class Mailbox(WorkspaceModel):
    """A connected email account of one member, one to one with its channel.

    `fence` grows with every lease and with every act of its owner; a page commits only while the
    fence and the cursor are still the ones that its worker read. `began_at` is when the last run
    began, against which hints are held. `attempts` counts leases since one that ended in order, so
    that a crash counts; `failures` counts runs in a row that a provider's error ended. While
    `resyncing`, ids of rows are set aside until their messages are found again.

    IMAP is opened with `sealed_password`, the vendors with `sealed_grant`: their tokens, which only
    their provider reads. A refresh replaces the grant under `grant_leased_until`, and
    `grant_version` counts how often. `account_id` is the provider's own name for the account, so
    that reconnecting another one is noticed. `can_send` says that its owner allowed sending.
    `smtp_host` and what follows is the server that takes mail to send, for IMAP; its sign-in is the
    same. What is sent from here belongs to `sent_channel`, which has the projects of `channel`.
    `read_anew` says that its owner chose folders or a first day that no cursor follows yet.
    `folders_at`, `compared_at` and `aliases_at` are when the list of folders, the nightly
    comparison and the reading of aliases were last done, `comparing` is how far a comparison under
    way has come, and `aliases` are the other addresses
    that the provider named then. `owner_told` counts the mails that its owner got about the
    present state, when that is a lost connection; `owner_asked_at` is when an admin last asked
    them to reconnect. A mailbox that was disconnected with its logged mail is not `taken_off`
    until all of that has left the record.
    """

    class Provider(models.TextChoices):
        IMAP = "imap", "IMAP"
        GMAIL = "gmail", "Gmail"
        GRAPH = "graph", "Microsoft 365"
        FILE = "file", "Imported files"

    class State(models.TextChoices):
        SETTING_UP = "setting_up", "Being set up"
        CONNECTING = "connecting", "Connecting"
        BACKFILLING = "backfilling", "Reading past mail"
        LIVE = "live", "Up to date"
        RESYNCING = "resyncing", "Checking what was missed"
        THROTTLED = "throttled", "Slowed down by the provider"
        NEEDS_RECONNECT = "needs_reconnect", "Needs reconnecting"
        PAUSED = "paused", "Paused"
        DISCONNECTED = "disconnected", "Disconnected"

    channel = models.OneToOneField(
        Channel,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="mailbox",
    )
    provider = models.CharField(max_length=5, choices=Provider.choices)
    address = models.CharField(max_length=254)
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(null=True)
    security = models.CharField(max_length=8, default="tls")  # tls, starttls, none (loopback only)
    username = models.CharField(max_length=254, blank=True)
    sealed_password = models.BinaryField(null=True)
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(null=True)
    smtp_security = models.CharField(max_length=8, default="tls")
    sent_channel = models.OneToOneField(
        Channel,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="sending_mailbox",
    )
    account_id = models.CharField(max_length=200, blank=True)
    sealed_grant = models.BinaryField(null=True)
    grant_version = models.PositiveIntegerField(default=0)
    grant_leased_until = models.DateTimeField(null=True)
    can_send = models.BooleanField(default=False)
    state = models.CharField(max_length=15, choices=State.choices, default=State.CONNECTING)
    state_since = models.DateTimeField(db_default=Now())
    state_detail = models.CharField(max_length=300, blank=True)
    cursor = models.JSONField(default=dict)
    fence = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    resyncing = models.BooleanField(default=False)
    began_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    synced_at = models.DateTimeField(null=True)
    read_anew = models.BooleanField(default=False)
    folders_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    comparing = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    aliases_at = models.DateTimeField(null=True)
    aliases = models.JSONField(default=list)
    owner_told = models.PositiveSmallIntegerField(default=0)
    owner_asked_at = models.DateTimeField(null=True)
    taken_off = models.BooleanField(default=True)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [*owned("mailsync_mailbox", "channel", "sent_channel", routed=True)]
        indexes = [
            models.Index(fields=["due_at"], name="mailsync_mailbox_due_ix"),
            models.Index(
                Lower("address"),
                condition=models.Q(provider="gmail"),
                name="mailsync_mailbox_address_ix",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_read(self) -> bool:
        """Whether Threadwell reads this mailbox by itself."""
        return self.provider != self.Provider.FILE and self.state in READ_STATES

    @property
    def signs_in_at_vendor(self) -> bool:
        """Whether its owner allows things on a vendor's own pages."""
        return self.provider in {self.Provider.GMAIL, self.Provider.GRAPH}

    @property
    def sends(self) -> bool:
        """Whether its owner can write mail from here now."""
        return self.can_send and self.state in SENDING_STATES


READ_STATES = (
    Mailbox.State.CONNECTING,
    Mailbox.State.BACKFILLING,
    Mailbox.State.LIVE,
    Mailbox.State.RESYNCING,
    Mailbox.State.THROTTLED,
)

SENDING_STATES = (*READ_STATES, Mailbox.State.PAUSED)


class Folder(WorkspaceModel):
    """A folder or label of a mailbox; mail of selected ones is in scope (R1).

    `parent` is the provider's id of the folder that it lies in, or nothing.
    """

    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="folders",
    )
    provider_id = models.CharField(max_length=500)
    name = models.CharField(max_length=500)
    role = models.CharField(max_length=8, default="other")
    parent = models.CharField(max_length=500, blank=True)
    selected = models.BooleanField(default=False)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mailbox", "provider_id"], name="mailsync_folder_once"
            ),
            *owned("mailsync_folder", "mailbox"),
        ]

    def __str__(self) -> str:
        return self.name


class Quarantine(WorkspaceModel):
    """A message of a mailbox that could not be processed; the cursor moved on without it."""

    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="quarantine",
    )
    provider_id = models.CharField(max_length=500)
    error = models.CharField(max_length=300)
    attempts = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "quarantine"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mailbox", "provider_id"], name="mailsync_quarantine_once"
            ),
            *owned("mailsync_quarantine", "mailbox"),
        ]

    def __str__(self) -> str:
        return str(self.id)
