"""The form that a mail is written in, bounded before a service sees it."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.mail.message import storable
from contacts.models import Project
from mailsync.forms import MailboxForm
from mailsync.problems import MailboxProblem
from mailsync.services.compose_answer import KINDS
from mailsync.services.compose_draft import MOST_FILE_BYTES, MOST_FILES, Written
from mailsync.services.compose_mime import LetterFile
from mailsync.services.compose_recipients import MOST_TYPED
from mailsync.services.compose_senders import Sender, labels_of

MOST_TEXT = 500_000
PEOPLE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "list": "people"}


class FormId(forms.UUIDField):
    """The id of the form. What is no id stands for one, so that it stops nobody who wrote."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return uuid.uuid5(uuid.NAMESPACE_OID, storable(str(value)))


class ComposeForm(MailboxForm):
    sender = forms.ChoiceField(label=gettext_lazy("From"))
    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=MOST_TYPED,
        required=False,
        widget=forms.TextInput(attrs=PEOPLE),
    )
    cc = forms.CharField(
        label=gettext_lazy("Cc"),
        max_length=MOST_TYPED,
        required=False,
        widget=forms.TextInput(attrs=PEOPLE),
    )
    bcc = forms.CharField(
        label=gettext_lazy("Bcc"),
        max_length=MOST_TYPED,
        required=False,
        widget=forms.TextInput(attrs=PEOPLE),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=400, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=MOST_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 20, "dir": "auto"}),
    )
    project = forms.ModelChoiceField(
        label=gettext_lazy("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=gettext_lazy("Whichever fits, of the mailbox’s projects"),
    )
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        required=False, choices=[("", "")] + [(one, one) for one in KINDS], widget=forms.HiddenInput
    )
    original = forms.UUIDField(required=False, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    form_id = FormId(required=False, widget=forms.HiddenInput)

    def __init__(
        self, senders: list[Sender], projects: QuerySet[Project], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        values = [one.value for one in senders]
        choices = list(zip(values, labels_of(senders), strict=True))
        self.fields["sender"].choices = choices  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects.order_by("name", "id")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is wrong with a field that no page shows is told above the others."""
        if any(field.is_hidden and field.errors for field in self):
            self.add_error(
                None,
                _(
                    "A part of this page that you do not see was changed on its way here. Copy "
                    "your text, open a new mail and paste it there."
                ),
            )
        return self.cleaned_data

    def written(self, request: HttpRequest) -> Written:
        """What the form says, with the files that came along; raises MailboxProblem."""
        facts = self.cleaned_data
        project = facts["project"]
        return Written(
            sender=facts["sender"],
            to=facts["to"],
            cc=facts["cc"],
            bcc=facts["bcc"],
            subject=facts["subject"],
            text=facts["text"],
            project_id=project.id if project else None,
            contact_id=facts["contact"],
            new_files=files_in(request),
            dropped_files=ids_of(request.POST.getlist("drop")),
        )


def ids_of(texts: list[str]) -> list[uuid.UUID]:
    """Those of the texts that are ids."""
    found = []
    for text in texts[:MOST_FILES]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def files_in(request: HttpRequest) -> list[LetterFile]:
    """The files of the request, read only where all of them together are small enough."""
    given = request.FILES.getlist("files")
    if sum(one.size or 0 for one in given) > MOST_FILE_BYTES or len(given) > MOST_FILES:
        raise MailboxProblem(
            _("All files of a mail together may have %(most)s MB, and be %(count)s at most.")
            % {"most": MOST_FILE_BYTES // 1024 // 1024, "count": MOST_FILES},
            field="files",
        )
    return [
        LetterFile(one.name or "attachment", one.content_type or "", one.read()) for one in given
    ]
