"""What people type on the pages of mailboxes, bounded before a service sees it."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Channel
from contacts.models import Project
from mailsync.models import Folder, Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers.base import ScopeRole
from mailsync.scope import NEVER
from mailsync.services.connect_mailbox import Connection
from mailsync.services.mailbox_settings import MailboxSettings

PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
SECURITIES = [
    ("tls", _("TLS (usual, port 993)")),
    ("starttls", _("STARTTLS (port 143)")),
    ("none", _("None (only for a server on this machine)")),
]
PASTS = [
    (30, _("The last 30 days")),
    (90, _("The last 90 days")),
    (365, _("The last year")),
    (0, _("All of it")),
]


class MailboxForm(forms.Form):
    """A form that shows what a service refused beside the field it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, problem: MailboxProblem) -> None:
        self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)

    def chosen(self, name: str) -> list[uuid.UUID]:
        """The ids of what is ticked in a field."""
        return [row.pk for row in self.cleaned_data[name]]


class ConnectForm(MailboxForm):
    address = forms.EmailField(label=_("Email address"), max_length=254)
    host = forms.CharField(
        label=_("IMAP server"),
        max_length=253,
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "imap.example.com"}),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=_("Encryption"), choices=SECURITIES, initial="tls")
    username = forms.CharField(
        label=_("User name"),
        max_length=254,
        help_text=_("Most often the whole email address."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=512,
        strip=False,
        help_text=_("Use an app password where your provider offers one. It is stored encrypted."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def connection(self) -> Connection:
        facts = self.cleaned_data
        return Connection(
            address=facts["address"],
            host=facts["host"],
            port=facts["port"],
            security=facts["security"],
            username=facts["username"],
            password=facts["password"],
        )


class FilesForm(MailboxForm):
    address = forms.EmailField(
        label=_("Whose mail it is"),
        max_length=254,
        help_text=_("The address that the mail in your files was sent to and from."),
    )

    def __init__(self, projects: QuerySet[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"] = projects_field(projects)


class ReconnectForm(MailboxForm):
    username = forms.CharField(
        label=_("User name"), max_length=254, widget=forms.TextInput(attrs=PLAIN)
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=512,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ProjectsForm(MailboxForm):
    def __init__(self, projects: QuerySet[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"] = projects_field(projects)


class FoldersForm(MailboxForm):
    def __init__(self, mailbox: Mailbox, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        never = [role.value for role in NEVER]
        offered = Folder.objects.filter(
            workspace_id=mailbox.workspace_id, mailbox=mailbox, gone_at=None
        ).exclude(role__in=never)
        self.fields["folders"] = forms.ModelMultipleChoiceField(
            label=_("Folders that are read"),
            queryset=offered.order_by("name"),
            required=False,
            initial=[folder.pk for folder in offered if folder.selected],
            help_text=_("Drafts, junk and trash are never read."),
            widget=forms.CheckboxSelectMultiple(),
        )


class FirstFoldersForm(FoldersForm):
    """The folders of a mailbox that is being set up, and from when its mail is read."""

    def __init__(self, mailbox: Mailbox, *args: Any, **kwargs: Any) -> None:
        super().__init__(mailbox, *args, **kwargs)
        self.fields["days"] = forms.TypedChoiceField(
            label=_("Past mail that is read"),
            choices=PASTS,
            coerce=int,
            initial=90,
            widget=forms.RadioSelect(),
        )


class DisconnectForm(MailboxForm):
    logged = forms.ChoiceField(
        label=_("Mail that this mailbox has logged"),
        choices=[
            ("keep", _("Keep it: it is the record of your customers")),
            ("remove", _("Remove it from the record, unless another mailbox has it too")),
        ],
        initial="keep",
        widget=forms.RadioSelect(),
    )


class SettingsForm(MailboxForm):
    starts_at = forms.DateField(
        label=_("Read mail received since"),
        required=False,
        help_text=_("Leave it empty to read everything."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    looks_back = forms.BooleanField(
        label=_("When a contact or company is added later, log the mail that is already here"),
        required=False,
    )
    sharing = forms.ChoiceField(
        label=_("What others see of logged mail"), choices=Channel.Sharing.choices
    )

    @classmethod
    def initial_of(cls, mailbox: Mailbox) -> dict[str, Any]:
        channel = mailbox.channel
        return {
            "starts_at": channel.starts_at.date() if channel.starts_at else None,
            "looks_back": channel.looks_back,
            "sharing": channel.sharing,
        }

    def settings(self) -> MailboxSettings:
        day: date | None = self.cleaned_data["starts_at"]
        return MailboxSettings(
            starts_at=datetime.combine(day, time.min, UTC) if day else None,
            looks_back=self.cleaned_data["looks_back"],
            sharing=self.cleaned_data["sharing"],
        )


def projects_field(offered: QuerySet[Project]) -> forms.ModelMultipleChoiceField:
    """Offer these projects; the only one of a workspace is ticked to begin with."""
    offered = offered.order_by("name", "id")
    first = list(offered[:2])
    return forms.ModelMultipleChoiceField(
        label=_("Projects"),
        queryset=offered,
        required=False,
        initial=[project.pk for project in first] if len(first) == 1 else [],
        help_text=_("Mail with their contacts and companies is logged there."),
        widget=forms.CheckboxSelectMultiple(),
    )


def icon_of(role: str) -> str:
    """The picture of a folder."""
    return {
        ScopeRole.INBOX.value: "inbox",
        ScopeRole.SENT.value: "send",
        ScopeRole.ARCHIVE.value: "archive",
    }.get(role, "folder")
