"""What kept mail says of the mail that it forwards (B4)."""

from django.db import models

from accounts.tenancy import WorkspaceModel, owned
from activities.mail.forward import Sureness
from activities.models.messages import Message


class ForwardedMail(WorkspaceModel):
    """One mail that a message forwards, as its text or an attached file tells it.

    `position` 0 is the one that a person passed on, the others stand inside of it. `sender` is ""
    unless it is sure; `base` is it without its +tag. `recipients` are [role, address]. `sent_at` is
    an instant, `clock` a time without a zone, `date` the text that both were read from. An attached
    mail brings the `fingerprint` by which its copies find each other (R12).
    """

    SURENESS = [(one.value, one.value.capitalize()) for one in Sureness]

    message = models.ForeignKey(
        Message,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="forwarded",
    )
    position = models.PositiveSmallIntegerField()
    sureness = models.CharField(max_length=9, choices=SURENESS)
    sender = models.CharField(max_length=254, blank=True)
    base = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    recipients = models.JSONField(default=list)
    date = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    clock = models.CharField(max_length=19, blank=True)
    fingerprint = models.BinaryField(max_length=32, null=True)
    client = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "message", "position"], name="activities_forwarded_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sureness=Sureness.SURE.value) | models.Q(sender=""),
                name="activities_forwarded_sure",
            ),
            *owned("activities_forwardedmail", "message"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "base"],
                condition=~models.Q(base=""),
                name="activities_forwarded_base_ix",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
