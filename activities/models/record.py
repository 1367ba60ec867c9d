"""The record: activities, where they are assigned, and who still waits for a project."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import OWNER_OR_SHARED_ACTIVITY, WorkspaceModel, owned
from activities.models.channels import Channel
from activities.models.messages import Message
from activities.models.private import PrivateMessage
from activities.models.threads import Thread
from contacts.models import Company, Contact, Project


class Activity(WorkspaceModel):
    """Something that happened with a customer. An email is one activity, whoever saw it.

    `state` says where it stands: on a profile or company (logged), waiting for somebody
    (unassigned), waiting for a project only (needs_project), or dismissed by a person.
    `taken_out` holds the projects that a person removed it from, with the time; `excepted` the
    entries that a person set aside for it (R3).
    """

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        NOTE = "note", "Note"
        CALL = "call", "Call"
        MEETING = "meeting", "Meeting"

    class State(models.TextChoices):
        LOGGED = "logged", "Logged"
        UNASSIGNED = "unassigned", "Unassigned"
        NEEDS_PROJECT = "needs_project", "Needs project"
        DISMISSED = "dismissed", "Dismissed"
        WITHDRAWN = "withdrawn", "Taken back"

    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.EMAIL)
    message = models.OneToOneField(
        Message,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="activity",
    )
    thread = models.ForeignKey(
        Thread,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="activities",
    )
    state = models.CharField(max_length=13, choices=State.choices)
    occurred_at = models.DateTimeField()
    title = models.CharField(max_length=998, blank=True)
    text = models.TextField(blank=True)
    group_domain = models.CharField(max_length=253, blank=True)
    banner = models.CharField(max_length=30, blank=True)
    sharing = models.CharField(
        max_length=10, choices=Channel.Sharing.choices, default=Channel.Sharing.EVERYTHING
    )
    author = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    settled_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(null=True)
    taken_out = models.JSONField(default=dict)
    excepted = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            *owned(
                "activities_activity", "message", "thread", "author", "settled_by", routed=False
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "state", "-occurred_at", "-id"],
                name="activities_activity_state_ix",
            ),
            models.Index(fields=["workspace", "thread"], name="activities_activity_thread_ix"),
            # Unassigned is grouped and counted by domain, among as many rows as may wait.
            models.Index(
                fields=["workspace", "group_domain", "-occurred_at", "-id"],
                condition=models.Q(state="unassigned"),
                name="activities_waiting_domain_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Assignment(WorkspaceModel):
    """An activity on a contact's profile in a project, or on a company alone.

    `address` is the participant it was recorded for. `occurred_at` repeats the activity's, so
    that every timeline is one index walk.
    """

    class Origin(models.TextChoices):
        ENGINE = "engine", "By a rule"
        PERSON = "person", "By a person"

    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="assignments",
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    address = models.CharField(max_length=254, blank=True)
    interaction_type = models.CharField(max_length=60)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.ENGINE)
    rule = models.CharField(max_length=4, blank=True)
    made_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "activity", "project", "contact"],
                condition=models.Q(contact__isnull=False),
                name="activities_assignment_contact",
            ),
            models.UniqueConstraint(
                fields=["workspace", "activity", "project", "company"],
                condition=models.Q(contact__isnull=True),
                nulls_distinct=False,
                name="activities_assignment_company",
            ),
            *owned("activities_assignment", "activity", "project", "contact", "company", "made_by"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "project", "-occurred_at", "-activity"],
                name="activities_assign_project_ix",
            ),
            models.Index(
                fields=["workspace", "contact", "-occurred_at", "-activity"],
                name="activities_assign_contact_ix",
            ),
            models.Index(
                fields=["workspace", "company", "-occurred_at", "-activity"],
                name="activities_assign_company_ix",
            ),
            models.Index(fields=["workspace", "activity"], name="activities_assign_act_ix"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PendingParticipant(WorkspaceModel):
    """A participant who fits several projects and waits for `owner` to pick (R7, Needs project).

    It hangs on an activity (then colleagues see it too) or on a private message.
    """

    owner = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="pending",
    )
    private_message = models.ForeignKey(
        PrivateMessage,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="pending",
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    fingerprint = models.BinaryField(max_length=32, null=True)
    address = models.CharField(max_length=254)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    candidates = ArrayField(models.UUIDField())
    occurred_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(activity__isnull=False)
                | models.Q(private_message__isnull=False),
                name="activities_pending_on_something",
            ),
            *owned(
                "activities_pendingparticipant",
                "owner",
                "thread",
                "activity",
                "private_message",
                "channel",
                "contact",
                "company",
                also=OWNER_OR_SHARED_ACTIVITY,
                routed=True,
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "fingerprint"],
                condition=models.Q(private_message__isnull=False),
                name="activities_pending_fp_ix",
            ),
            models.Index(
                fields=["workspace", "owner", "-occurred_at", "-id"],
                name="activities_pending_owner_ix",
            ),
            models.Index(fields=["workspace", "thread"], name="activities_pending_thread_ix"),
            models.Index(fields=["workspace", "activity"], name="activities_pending_act_ix"),
            models.Index(
                fields=["workspace", "private_message"], name="activities_pending_priv_ix"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
