"""What changed in the directory, written down for whoever decides mail anew."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned


class DirectoryChange(WorkspaceModel):
    """A change that may decide mail anew, written by whoever makes it (C1).

    `kind` says how `value` finds the mail: by an exact address, by a domain with its subdomains,
    by everything of one channel or thread (`value` is its id), or by nothing less than everything.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", "Address"
        DOMAIN = "domain", "Domain"
        CHANNEL = "channel", "Channel"
        THREAD = "thread", "Thread"
        EVERYTHING = "everything", "Everything"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254, blank=True)
    made_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [*owned("contacts_directorychange", "made_by", routed=True)]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None),
                name="contacts_change_due_ix",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
