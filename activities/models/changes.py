"""What people did with the record, so that it can be undone."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import OWNER_ONLY, WorkspaceModel, owned
from activities.models.record import Activity
from activities.models.threads import Thread
from contacts.models import Project


class Change(WorkspaceModel):
    """One act of a person, or one re-decision, that moved assignments.

    `summary` is a finished sentence without anything of the mail in it. `made` names what the act
    made in the directory on the spot (company, contact, domain, project links), which goes with it.
    """

    class Kind(models.TextChoices):
        ASSIGN = "assign", "Assigned"
        DISMISS = "dismiss", "Dismissed"
        ADD_THREAD = "add_thread", "Added a thread to projects"
        REMOVE_THREAD = "remove_thread", "Took a thread out of a project"
        TAKE_BACK = "take_back", "Took a mail back"
        EDIT = "edit", "Changed an assignment"
        REDECIDE = "redecide", "Decided again"

    kind = models.CharField(max_length=13, choices=Kind.choices)
    made_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(db_default=Now())
    summary = models.CharField(max_length=300)
    made = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )

    class Meta:
        constraints = [*owned("activities_change", "made_by", "undone_by")]
        indexes = [
            models.Index(fields=["workspace", "-made_at", "-id"], name="activities_change_made_ix")
        ]

    def __str__(self) -> str:
        return self.summary


class ChangeItem(WorkspaceModel):
    """What one change did to one activity or one thread: the whole state before and after.

    For an activity: its state and assignments. For a thread: its choices by project.
    """

    change = models.ForeignKey(
        Change, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="items"
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    thread = models.ForeignKey(
        Thread,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints = [*owned("activities_changeitem", "change", "activity", "thread")]
        indexes = [
            models.Index(fields=["workspace", "change"], name="activities_item_change_ix"),
            models.Index(fields=["workspace", "activity"], name="activities_item_activity_ix"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TakenBack(WorkspaceModel):
    """A mail that a member took back: their copies of it no longer count (V2).

    `fingerprint` is the message's, or stands for the one copy of a message that has none.
    """

    owner = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    fingerprint = models.BinaryField(max_length=32)
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "taken back"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "owner", "fingerprint"], name="activities_takenback_once"
            ),
            *owned("activities_takenback", "owner", also=OWNER_ONLY),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TakenOut(WorkspaceModel):
    """A project that a person took one mail out of, kept where its activity is gone (R8).

    Mail that only mailboxes brought is private again once nothing records it. The act outlives it,
    for every later copy and decision. It says nothing of the mail: `fingerprint` as in TakenBack.
    """

    fingerprint = models.BinaryField(max_length=32)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "taken out"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "fingerprint", "project"], name="activities_takenout_once"
            ),
            *owned("activities_takenout", "project", "member"),
        ]

    def __str__(self) -> str:
        return str(self.id)
