"""Settings: importing the directory from a CSV file, checked first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts.forms import ImportForm
from contacts.problems import DirectoryProblem
from contacts.services.import_directory import ImportReport, import_directory
from contacts.services.read_csv import decode_csv, read_csv


@require_http_methods(["GET", "HEAD", "POST"])
def directory_import(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Check a file and show what it would do; the second step imports what was checked."""
    by = demand(request, "import directory")
    if request.method != "POST":
        return render(request, "contacts/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    dry_run = "go" not in request.POST
    try:
        if not form.is_valid():
            return _page(request, form)
        text = _text(form)
        report = _run(request, by, text, dry_run=dry_run)
    except DirectoryProblem as problem:
        form.refuse(problem)
        return _page(request, form)
    if dry_run:
        again = ImportForm(initial={"text": text})
        context = {"form": again, "report": report, "text": text}
        return render(request, "contacts/import.html", context)
    tell(request, _("%(changed)s rows are imported.") % {"changed": report.changed})
    return see_other(page_of(request, "contacts:import"))


def _text(form: ImportForm) -> str:
    file = form.cleaned_data["file"]
    if file is not None:
        return decode_csv(file.read())
    if form.cleaned_data["text"]:
        return str(form.cleaned_data["text"])
    raise DirectoryProblem(_("Choose a file."), field="file")


def _run(request: WorkspaceRequest, by: Member, text: str, *, dry_run: bool) -> ImportReport:
    return import_directory(request.workspace.id, by=by, rows=read_csv(text), dry_run=dry_run)


def _page(request: WorkspaceRequest, form: ImportForm) -> HttpResponse:
    return render(request, "contacts/import.html", {"form": form}, status=422)
