"""The pages that ask before something ends: merging and deleting companies, contacts, projects."""

import uuid
from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts import selectors
from contacts.forms import DirectoryForm, MergeForm, ProjectChoiceForm
from contacts.services.delete_company import delete_company
from contacts.services.delete_contact import delete_contact
from contacts.services.delete_project import delete_project
from contacts.services.merge_companies import merge_companies
from contacts.services.merge_contacts import merge_contacts
from contacts.views.acting import carried_out, posted

ASKED = require_http_methods(["GET", "HEAD", "POST"])


@ASKED
def company_merge(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "edit directory")
    workspace_id = request.workspace.id
    gone = get_object_or_404(selectors.companies(workspace_id, by), id=company_id)
    form = MergeForm(
        posted(request),
        label=_("Company that stays"),
        help_text=_("Its name, or one of its domains."),
    )
    context = {
        "title": _("Merge %(name)s into another company") % {"name": gone.name},
        "text": _("Domains, contacts, projects and everything recorded move along."),
        "label": _("Merge"),
        "cancel_url": page_of(request, "contacts:company_edit", company_id),
        "form": form,
        "others": selectors.company_names(workspace_id),
    }

    def merge() -> None:
        kept = selectors.company_meant(workspace_id, form.cleaned_data["into"], field="into")
        merge_companies(workspace_id, by=by, kept_id=kept.id, gone_id=gone.id)
        tell(request, _("%(gone)s is merged into %(kept)s.") % {"gone": gone.name, "kept": kept})

    return _ask(request, form, merge, context, "contacts:companies")


@ASKED
def contact_merge(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "edit directory")
    workspace_id = request.workspace.id
    gone = get_object_or_404(selectors.contacts(workspace_id, by), id=contact_id)
    form = MergeForm(
        posted(request),
        label=_("Contact that stays"),
        help_text=_("One of its addresses, or the whole name."),
    )
    context = {
        "title": _("Merge %(name)s into another contact") % {"name": gone},
        "text": _("Addresses, profiles and everything recorded move along."),
        "label": _("Merge"),
        "cancel_url": page_of(request, "contacts:contact_edit", contact_id),
        "form": form,
        "others": [],
    }

    def merge() -> None:
        kept = selectors.contact_meant(workspace_id, form.cleaned_data["into"], field="into")
        merge_contacts(workspace_id, by=by, kept_id=kept.id, gone_id=gone.id)
        tell(request, _("%(gone)s is merged into %(kept)s.") % {"gone": gone, "kept": kept})

    return _ask(request, form, merge, context, "contacts:contacts")


@ASKED
def company_deletion(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "edit directory")
    gone = get_object_or_404(selectors.companies(request.workspace.id, by), id=company_id)
    context = {
        "title": _("Delete %(name)s") % {"name": gone.name},
        "text": _("Its contacts stay, without a company. Its domains are free for another one."),
        "label": _("Delete the company"),
        "cancel_url": page_of(request, "contacts:company_edit", company_id),
    }

    def delete() -> None:
        delete_company(request.workspace.id, by=by, company_id=company_id)
        tell(request, _("%(name)s is deleted.") % {"name": gone.name})

    return _ask(request, DirectoryForm(posted(request)), delete, context, "contacts:companies")


@ASKED
def contact_deletion(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "edit directory")
    gone = get_object_or_404(selectors.contacts(request.workspace.id, by), id=contact_id)
    context = {
        "title": _("Delete %(name)s") % {"name": gone},
        "text": _(
            "The addresses are free for another contact, and mail with them is judged as if this"
            " one had never been."
        ),
        "label": _("Delete the contact"),
        "cancel_url": page_of(request, "contacts:contact_edit", contact_id),
    }

    def delete() -> None:
        delete_contact(request.workspace.id, by=by, contact_id=contact_id)
        tell(request, _("%(name)s is deleted.") % {"name": gone})

    return _ask(request, DirectoryForm(posted(request)), delete, context, "contacts:contacts")


@ASKED
def project_deletion(request: WorkspaceRequest, slug: str, project_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "edit projects")
    known = selectors.administered_projects(request.workspace.id, by).order_by("name")
    gone = get_object_or_404(known, id=project_id)
    form = ProjectChoiceForm(known.exclude(id=project_id), posted(request))
    context = {
        "title": _("Delete %(name)s into another project") % {"name": gone.name},
        "text": _(
            "Profiles, companies, mailboxes, inbound addresses and everything recorded move to the"
            " project that you choose. Whoever may see that project sees them from then on."
        ),
        "label": _("Move everything and delete"),
        "cancel_url": page_of(request, "contacts:project_edit", project_id),
        "form": form,
    }

    def delete() -> None:
        into = form.cleaned_data["into"]
        delete_project(request.workspace.id, by=by, project_id=project_id, into_id=into.id)
        tell(request, _("%(gone)s is deleted into %(into)s.") % {"gone": gone.name, "into": into})

    return _ask(request, form, delete, context, "contacts:projects")


def _ask(
    request: WorkspaceRequest,
    form: DirectoryForm,
    act: Callable[[], None],
    words: Mapping[str, object],
    done: str,
) -> HttpResponse:
    """Show the question, or carry it out and go on to the list that `done` names."""
    asked = request.method == "POST"
    if asked and form.is_valid() and carried_out(form, act):
        return see_other(page_of(request, done))
    context = {"form": form, **words}
    return render(request, "contacts/ending.html", context, status=422 if asked else 200)
