"""Threads, and what people chose for them."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from contacts.models import Project


class Thread(WorkspaceModel):
    """A conversation. When two turn out to be one, the younger points at the older by `root`.

    Rows keep the thread they were given, and readers ask for its root; so joining two threads
    touches no message, and no private row of anybody.
    """

    root = models.ForeignKey(
        "self", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="joined"
    )

    class Meta:
        constraints = [*owned("activities_thread", "root")]
        indexes = [models.Index(fields=["workspace", "root"], name="activities_thread_root_ix")]

    def __str__(self) -> str:
        return str(self.id)


class ThreadKey(WorkspaceModel):
    """A keyed hash of a Message-ID (or of a provider's thread id within its mailbox)."""

    digest = models.BinaryField(max_length=32)
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "digest"], name="activities_threadkey_once"
            ),
            *owned("activities_threadkey", "thread"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ThreadChoice(WorkspaceModel):
    """The last act of a person on a thread in one project: added it, or took it out (R8)."""

    thread = models.ForeignKey(
        Thread,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="choices",
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    added = models.BooleanField()
    chosen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "thread", "project"], name="activities_threadchoice_once"
            ),
            *owned("activities_threadchoice", "thread", "project", "member"),
        ]

    def __str__(self) -> str:
        return f"{'into' if self.added else 'out of'} {self.project_id}"
