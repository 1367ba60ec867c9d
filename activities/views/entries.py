"""Settings: ignored and blocked entries, and the classes of automated mail."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from activities.forms import EntryForm
from activities.models import AutomatedClass, Entry
from activities.problems import NotThere, RecordProblem
from activities.selectors import entries as shelf
from activities.services.automated import set_automated_class
from activities.services.entries import add_entry, read_value, remove_entry
from activities.views.assigning import refused

MOST_ROWS = 500
WARNINGS = {
    "customer": gettext_lazy(
        "%(value)s is a domain of %(companies)s. Their mail would not be logged."
    ),
    "internal": gettext_lazy(
        "%(value)s is one of your own domains. Only an exact address works for it."
    ),
    "public": gettext_lazy(
        "%(value)s is a public mailbox provider, so this touches many strangers."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """The workspace's entries and the member's own, and the form for a new one."""
    if request.method != "POST":
        return _page(request, EntryForm(initial=_asked_for(request)))
    demand(request, "set own entries")
    form = EntryForm(request.POST)
    if not may(request.member, "edit rules"):
        form.fields.pop("whose")
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.cleaned_data
    try:
        doubts = [] if asked["sure"] else _doubts(request, asked["value"])
        if doubts:
            return _page(request, form, doubts=doubts, status=422)
        entry = add_entry(
            request.workspace.id,
            by=request.member,
            text=asked["value"],
            effect=asked["effect"],
            for_workspace=asked.get("whose") == "workspace",
            subdomains=asked["subdomains"],
        )
    except RecordProblem as problem:
        form.add_error(problem.field or None, problem.sentence)
        return _page(request, form, status=422)
    words = {
        Entry.Effect.IGNORE: _("Mail with %(value)s is not logged from now on."),
        Entry.Effect.BLOCK: _("Mail with %(value)s is not stored from now on."),
    }
    tell(request, words[Entry.Effect(entry.effect)] % {"value": entry.value})
    return see_other(page_of(request, "activities:entries"))


def _asked_for(request: WorkspaceRequest) -> dict[str, str]:
    """What a link to this page fills in, such as the sender of a mail that waits."""
    effect = request.GET.get("effect", "")
    asked = {"value": request.GET.get("value", "")[:254]}
    return asked | ({"effect": effect} if effect in Entry.Effect.values else {})


@require_POST
def entry_removal(request: WorkspaceRequest, slug: str, entry_id: uuid.UUID) -> HttpResponse:
    """Lift one entry."""
    demand(request, "set own entries")
    try:
        entry = remove_entry(request.workspace.id, by=request.member, entry_id=entry_id)
    except NotThere as problem:
        return refused(request, problem)
    tell(request, _("%(value)s is no longer kept out.") % {"value": entry.value})
    return see_other(page_of(request, "activities:entries"))


@require_POST
def automated(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Let one class of automated mail through, or keep it out again."""
    member = demand(request, "edit rules")
    try:
        set_automated_class(
            request.workspace.id,
            by=member,
            name=request.POST.get("name", "")[:20],
            passes=request.POST.get("passes") == "yes",
        )
    except RecordProblem as problem:
        return refused(request, problem)
    tell(request, _("Saved. Mail that waits is decided again."))
    return see_other(page_of(request, "activities:entries"))


def _page(
    request: WorkspaceRequest,
    form: EntryForm,
    *,
    doubts: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    workspace_id, member = request.workspace.id, request.member
    text = request.GET.get("q", "").strip()[:200]
    may_edit_rules = may(member, "edit rules")
    if not may_edit_rules:
        form.fields.pop("whose", None)
    passing = shelf.let_through(workspace_id)
    context: dict[str, Any] = {
        "form": form,
        "doubts": doubts or [],
        "workspace_entries": list(shelf.workspace_entries(workspace_id, text=text)[:MOST_ROWS]),
        "own_entries": list(shelf.own_entries(workspace_id, member, text=text)[:MOST_ROWS]),
        "blocked": shelf.blocked_lines(workspace_id, member),
        "classes": [
            {"name": name, "label": label, "passes": name in passing}
            for name, label in AutomatedClass.Name.choices
        ],
        "may_edit_rules": may_edit_rules,
        "may_add": may(member, "set own entries"),
    }
    return render(request, "activities/entries.html", context, status=status)


def _doubts(request: WorkspaceRequest, text: str) -> list[str]:
    """What a person should read before they keep this domain out."""
    kind, value = read_value(text)
    if kind != Entry.Kind.DOMAIN:
        return []
    companies = ", ".join(shelf.companies_of(request.workspace.id, value))
    return [
        WARNINGS[code] % {"value": value, "companies": companies}
        for code in shelf.concerns(request.workspace.id, value)
    ]
