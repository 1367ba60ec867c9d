"""What people type on the pages of the directory, bounded before a service sees it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from contacts.models import Project
from contacts.problems import AddressErased, DirectoryProblem, DomainTaken
from contacts.services.project_settings import INTERACTION_TYPE_LIMIT, ProjectSettings

PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
TEXT_LIMIT = 5_000


class DirectoryForm(forms.Form):
    """A form that shows what a service refused, and the way around it where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, problem: DirectoryProblem) -> None:
        """Put a service's sentence beside the field it is about, or above the form."""
        field = problem.field if problem.field in self.fields else None
        self.add_error(field, problem.sentence)
        way_around = {DomainTaken: "share", AddressErased: "lift_erasure"}.get(type(problem))
        if way_around in self.fields:
            self.fields[way_around].widget = forms.CheckboxInput()


class CompanyForm(DirectoryForm):
    name = forms.CharField(label=_("Name"), max_length=200)


class NewCompanyForm(CompanyForm):
    domain = forms.CharField(
        label=_("Domains"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("Mail from these is recognised as the company’s. Separate them by commas."),
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "acme.example"}),
    )
    share = forms.BooleanField(
        label=_("Share it with the companies that have it"),
        required=False,
        widget=forms.HiddenInput(),
    )

    def __init__(self, projects: QuerySet[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"] = projects_field(_("Projects"), projects)


class DomainForm(DirectoryForm):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=300,
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "acme.example"}),
    )


class CompanyDomainForm(DomainForm):
    share = forms.BooleanField(
        label=_("Share it with the companies that have it"),
        required=False,
        widget=forms.HiddenInput(),
    )


class ContactForm(DirectoryForm):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    company = forms.CharField(
        label=_("Company"),
        max_length=300,
        required=False,
        help_text=_("Its name, or one of its domains."),
        widget=forms.TextInput(attrs=PLAIN | {"list": "companies"}),
    )


class NewContactForm(ContactForm):
    address = forms.CharField(
        label=_("Email addresses"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("Separate several by commas."),
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "jane@acme.example"}),
    )
    lift_erasure = forms.BooleanField(
        label=_("The person agrees to be a contact again"),
        required=False,
        widget=forms.HiddenInput(),
    )
    field_order = ("name", "address", "lift_erasure", "company", "projects")

    def __init__(self, projects: QuerySet[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"] = projects_field(_("Profiles in projects"), projects)
        self.order_fields(self.field_order)


class AddressForm(DirectoryForm):
    address = forms.CharField(
        label=_("Email address"),
        max_length=400,
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "jane@acme.example"}),
    )
    lift_erasure = forms.BooleanField(
        label=_("The person agrees to be a contact again"),
        required=False,
        widget=forms.HiddenInput(),
    )


class MergeForm(DirectoryForm):
    """Names the row that stays; `into` is a name, a domain or an address."""

    into = forms.CharField(max_length=400, widget=forms.TextInput(attrs=PLAIN | {"list": "others"}))

    def __init__(self, *args: Any, label: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].label, self.fields["into"].help_text = label, help_text


class ProjectChoiceForm(DirectoryForm):
    """Names one project out of those offered."""

    into = forms.ModelChoiceField(label=_("Project"), queryset=Project.objects.none())

    def __init__(self, projects: QuerySet[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ModelChoiceField(label=_("Project"), queryset=projects)


class ProjectForm(DirectoryForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    interaction_type = forms.CharField(
        label=_("Interaction type"),
        max_length=INTERACTION_TYPE_LIMIT,
        initial="Email",
        help_text=_("What mail that is logged here is called."),
    )
    creates_contacts = forms.BooleanField(
        label=_("Create contacts from company domains"), required=False, initial=True
    )
    assigns_forwards = forms.BooleanField(
        label=_("Assign a forwarded mail to its original sender, when that is a contact here"),
        required=False,
    )
    open_to_all = forms.BooleanField(
        label=_("Every member may see this project"), required=False, initial=True
    )
    member_ids = forms.MultipleChoiceField(
        label=_("Otherwise these members"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, members: Iterable[Member], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_ids"] = forms.MultipleChoiceField(
            label=_("Otherwise these members"),
            required=False,
            widget=forms.CheckboxSelectMultiple(),
            choices=[(str(member.id), member.name) for member in members],
        )

    def settings(self) -> ProjectSettings:
        """Return what was typed into the valid form as one value."""
        facts = dict(self.cleaned_data)
        chosen = frozenset(uuid.UUID(text) for text in facts.pop("member_ids"))
        return ProjectSettings(**facts, member_ids=chosen)


class ImportForm(DirectoryForm):
    """Takes the file the first time, and its checked text when the person says go."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_("In UTF-8, at most 500 kB and 1,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())


def projects_field(label: str | Promise, offered: QuerySet[Project]) -> forms.Field:
    """Offer these projects; the only one of a workspace is ticked to begin with."""
    first = list(offered[:2])
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=offered,
        required=False,
        initial=[project.pk for project in first] if len(first) == 1 else [],
        widget=forms.CheckboxSelectMultiple(),
    )


def several(text: str) -> list[str]:
    """Return what a person separated by commas, semicolons or line ends, each once."""
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
