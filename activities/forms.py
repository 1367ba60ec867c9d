"""What the forms of the record send, read and bounded before a service sees it."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Entry
from activities.services.assign import Whom

MOST_IDS = 500
NOTE_KINDS = [
    (Activity.Kind.NOTE.value, _("Note")),
    (Activity.Kind.CALL.value, _("Call")),
    (Activity.Kind.MEETING.value, _("Meeting")),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the assign form asks for."""

    activity_ids: list[uuid.UUID]
    whom: list[Whom]
    project_ids: list[uuid.UUID]
    expected: str


def read_wish(data: QueryDict) -> Wish:
    """Read the assign form; what is malformed is left out, and the service says what is missing."""
    return Wish(
        read_ids(data),
        _whom(data),
        read_uuids(data.getlist("projects")),
        data.get("expected", "")[:20],
    )


def read_ids(data: QueryDict) -> list[uuid.UUID]:
    """The ticked rows, or the open one where none is ticked."""
    return read_uuids(data.getlist("id")) or read_uuids([data.get("open", "")])


def read_id(text: str) -> uuid.UUID | None:
    """An id from the query string, or None."""
    found = read_uuids([text])
    return found[0] if found else None


def back_to(data: QueryDict, fallback: str) -> str:
    """The page of ours that the form came from; anything else leads to the fallback."""
    target = data.get("next", "")[:2000]
    parts = urlsplit(target)
    ours = target.startswith("/w/") and not parts.netloc and "\\" not in target
    return target if ours else fallback


class NoteForm(forms.Form):
    """A note, a call or a meeting. Whom it is about stands in the form beside it."""

    kind = forms.ChoiceField(label=_("What was it?"), choices=NOTE_KINDS)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    text = forms.CharField(
        label=_("What happened"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    occurred_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        initial=timezone.localtime,
    )


class EntryForm(forms.Form):
    """An address, a domain or a pattern, and what happens to mail with it."""

    value = forms.CharField(
        label=_("Address or domain"),
        max_length=254,
        help_text=_("Such as jane@acme.example, acme.example or *@news.acme.example."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    subdomains = forms.BooleanField(label=_("And its subdomains"), required=False, initial=True)
    effect = forms.ChoiceField(
        label=_("What should happen?"),
        choices=[
            (Entry.Effect.IGNORE.value, _("Ignore: stays in the inbox, never logged")),
            (Entry.Effect.BLOCK.value, _("Block: never stored, not even in the inbox")),
        ],
        initial=Entry.Effect.IGNORE.value,
        widget=forms.RadioSelect,
    )
    whose = forms.ChoiceField(
        label=_("For whom?"),
        choices=[("mine", _("For my own mail")), ("workspace", _("For everybody"))],
        initial="mine",
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


def _whom(data: QueryDict) -> list[Whom]:
    chosen = data.get("whom", "")
    link, joins = data.get("link_domain", "")[:253], data.get("always") == "yes"
    if chosen == "new-company":
        return [Whom(new_company=data.get("company_name", "")[:300], link_domain=link)]
    if chosen == "new-contact":
        name, address = data.get("contact_name", "")[:300], data.get("contact_address", "")[:300]
        return [Whom(new_contact=name, address=address)]
    kind, _sep, row_id = chosen.partition(":")
    found = read_uuids([row_id])
    if found and kind == "contact":
        return [Whom(contact_id=found[0])]
    if found and kind == "company":
        return [Whom(company_id=found[0], link_domain=link, joins=joins)]
    return []


def read_uuids(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts[: MOST_IDS + 1]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
