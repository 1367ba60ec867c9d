"""What people type on the pages of accounts, bounded before a service sees it."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.api_keys import SCOPES
from accounts.models import Member, Role
from accounts.problems import PeopleProblem

ADDRESS = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}


class HouseForm(forms.Form):
    """A form that can show what a service refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, problem: PeopleProblem) -> None:
        """Put a service's sentence beside the field it is about, or above the form."""
        field = problem.field if problem.field in self.fields else None
        self.add_error(field, problem.sentence)


class WorkspaceForm(HouseForm):
    name = forms.CharField(
        label=_("Name of the workspace"),
        max_length=120,
        help_text=_("Usually your company’s name."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        help_text=_("The short word in the address of every page, like northbeam."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    member_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues will see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class InviteForm(HouseForm):
    email = forms.EmailField(
        label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs=ADDRESS)
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.MEMBER)

    def __init__(self, by: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by)


class RoleForm(HouseForm):
    def __init__(self, by: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by)


def role_field(by: Member) -> forms.ChoiceField:
    """The roles that this member may give."""
    roles = [
        (Role.VIEWER, _("Viewer: reads")),
        (Role.MEMBER, _("Member: logs mail and edits contacts")),
        (Role.ADMIN, _("Admin: also people, projects and rules")),
    ]
    if policies.may(by, "manage owners"):
        roles.append((Role.OWNER, _("Owner: also other owners")))
    return forms.ChoiceField(label=_("Role"), choices=roles, initial=Role.MEMBER)


class AcceptForm(HouseForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues will see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ProfileForm(HouseForm):
    name = forms.CharField(
        label=_("Name in this workspace"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
    )
    signature = forms.CharField(
        label=_("Signature"),
        max_length=2000,
        required=False,
        help_text=_("Stands below what you write here, above the mail that you answer."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 20, "dir": "auto"}),
    )
    uses_keys = forms.BooleanField(
        label=_("Single keys act on pages, such as J for the next row"), required=False
    )


class AddressForm(HouseForm):
    address = forms.EmailField(
        label=_("Another address of yours"),
        max_length=254,
        help_text=_("Mail that you send or receive there then counts as yours."),
        widget=forms.EmailInput(attrs=ADDRESS),
    )


class ApiKeyForm(HouseForm):
    name = forms.CharField(
        label=_("What is it for?"), max_length=120, help_text=_("Like: export to the data store.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPES.items()),
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year")), ("", _("Never"))],
        coerce=int,
        empty_value=None,
        required=False,
        initial=90,
    )


def from_post(request: HttpRequest) -> Any:
    """The posted data, or None on a GET so that the form stays unbound."""
    return request.POST if request.method == "POST" else None
