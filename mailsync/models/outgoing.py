"""Mail that a member writes here: its draft, the ten seconds in which it waits, and its sending."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import OWNER_ONLY, WorkspaceModel, owned
from activities.models import Activity
from contacts.models import Contact, Project
from mailsync.models.mailboxes import Mailbox


class OutgoingMail(WorkspaceModel):
    """One mail from its first draft until it was sent; closed to everybody but its writer.

    `to`, `cc` and `bcc` are as typed. `contact` says that it is written from that contact's profile
    in `project`; a `project` alone was picked (R7). `answers` is what it answers or forwards, and
    holds what the header needs of it: message_id, references, provider_thread_id, root_id.
    `form_key` is the keyed hash of the form that it was first written in and of what that said:
    the same form again is the same mail.

    While held, it is sent at `send_at` and can be taken back. Holding gives it its `message_id` and
    `dated_at`, so that every attempt sends the same header. Whoever sends it claims it first:
    `fence` grows and the `attempt` is counted and committed. `offered_at` is set before the mail
    service is handed the mail: from then on it may have been sent, whatever happened to us.
    `provider_ref` is the service's id of the sent copy. Once sent, the record has what it says, and
    the row keeps nothing of it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        HELD = "held", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        UNKNOWN = "unknown", "Perhaps sent"

    owner = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    from_address = models.CharField(max_length=254)
    to = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    bcc = models.TextField(blank=True)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    answers = models.JSONField(default=dict)
    form_key = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    message_id = models.CharField(max_length=250, blank=True)
    dated_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=500, blank=True)
    fingerprint = models.BinaryField(max_length=32, null=True)
    error = models.CharField(max_length=400, blank=True)
    activity = models.ForeignKey(
        Activity,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "outgoing mail"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "sent"])
                | models.Q(dated_at__isnull=False) & ~models.Q(message_id=""),
                name="mailsync_outgoing_named",
            ),
            models.UniqueConstraint(
                fields=["workspace", "owner", "form_key"], name="mailsync_outgoing_once"
            ),
            *owned(
                "mailsync_outgoingmail",
                "owner",
                "mailbox",
                "contact",
                "project",
                "activity",
                also=OWNER_ONLY,
                routed=True,
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "owner", "-saved_at"], name="mailsync_outgoing_ix"),
            models.Index(
                fields=["workspace", "mailbox", "provider_ref"], name="mailsync_outgoing_ref_ix"
            ),
            models.Index(
                fields=["send_at"],
                condition=models.Q(state__in=["held", "sending", "unknown"]),
                name="mailsync_outgoing_due_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_editable(self) -> bool:
        """Whether it is a draft, or one again because it was not sent."""
        return self.state in {self.State.DRAFT, self.State.FAILED}


class OutgoingFile(WorkspaceModel):
    """A file of a draft. Its bytes stand in the row: they are as private as the draft, and go with
    it. Once sent, they are a file of the record."""

    owner = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="files",
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mail", "sha256", "name"], name="mailsync_outgoingfile_once"
            ),
            *owned("mailsync_outgoingfile", "owner", "mail", also=OWNER_ONLY),
        ]

    def __str__(self) -> str:
        return str(self.id)
