"""Adds and removes entries that keep mail out of the record (R3)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from accounts.policies import may
from activities.models import Entry
from activities.problems import NotThere, RecordProblem
from activities.selectors.entries import may_edit
from contacts.addresses import normalise_address, normalise_domain
from contacts.services.note_changes import note_changes

MOST_STARS = 4
LONGEST_VALUE = 254


@transaction.atomic
def add_entry(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    text: str,
    effect: str,
    for_workspace: bool,
    subdomains: bool = True,
) -> Entry:
    """Keep mail with this address, domain or pattern out, and return the entry.

    One that is there already takes the new effect. What is recorded stays; what waits is decided
    again.
    """
    _allow(by, for_workspace=for_workspace)
    if effect not in Entry.Effect.values:
        raise RecordProblem(_("Choose whether to ignore or to block."), field="effect")
    kind, value = read_value(text)
    entry, made = Entry.objects.update_or_create(
        workspace_id=workspace_id,
        member=None if for_workspace else by,
        kind=kind,
        value=value,
        defaults={"effect": effect, "subdomains": subdomains},
    )
    audit.record(
        workspace_id,
        by,
        "entry added" if made else "entry changed",
        entry,
        after={"effect": effect, "value": value, "subdomains": subdomains},
    )
    _note(workspace_id, by, entry)
    return entry


@transaction.atomic
def remove_entry(workspace_id: uuid.UUID, *, by: Member, entry_id: uuid.UUID) -> Entry:
    """Lift an entry and return it. Mail that it refused at an inbound address stays gone."""
    rows = Entry.objects.select_for_update().filter(workspace_id=workspace_id, id=entry_id)
    entry = rows.first()
    if entry is None or not may_edit(by, entry):
        raise NotThere(_("This entry is no longer there."))
    audit.record(
        workspace_id,
        by,
        "entry removed",
        entry,
        before={"effect": entry.effect, "value": entry.value, "subdomains": entry.subdomains},
    )
    _note(workspace_id, by, entry)
    entry.delete()
    return entry


def read_value(text: str) -> tuple[str, str]:
    """Say whether a person typed an address, a domain or a pattern, and give its normal form."""
    typed = text.strip().lower()
    if len(typed) > LONGEST_VALUE:
        raise RecordProblem(_("This is too long. Use at most 254 characters."), field="value")
    if "*" in typed:
        return Entry.Kind.PATTERN, _pattern(typed)
    if "@" in typed.removeprefix("@"):
        address = normalise_address(typed)
        if address:
            return Entry.Kind.ADDRESS, address
    else:
        domain = normalise_domain(typed.removeprefix("@"))
        if domain:
            return Entry.Kind.DOMAIN, domain
    raise RecordProblem(
        _(
            "%(text)s is no address and no domain. Write jane@acme.example, acme.example or"
            " *@news.acme.example."
        )
        % {"text": typed[:60]},
        field="value",
    )


def _pattern(typed: str) -> str:
    local, at, domain = typed.rpartition("@")
    plain = domain.replace("*", "x").strip(".")
    fits = normalise_domain(plain) is not None and typed.count("*") <= MOST_STARS
    fits = fits and typed.isprintable() and not any(one.isspace() for one in typed)
    # A pattern that names no part of a domain would keep everybody out.
    if not fits or not (local.strip("*") or domain.strip("*.")):
        raise RecordProblem(
            _("Use stars for what varies and name the rest, such as *@news.acme.example."),
            field="value",
        )
    return f"{local}{at}{domain}"


def _allow(by: Member, *, for_workspace: bool) -> None:
    if not may(by, "edit rules" if for_workspace else "set own entries"):
        raise RecordProblem(_("Only admins set entries for the whole workspace."))


def _note(workspace_id: uuid.UUID, by: Member, entry: Entry) -> None:
    note_changes(
        workspace_id,
        by=by,
        addresses=[entry.value] if entry.kind == Entry.Kind.ADDRESS else (),
        domains=[entry.value] if entry.kind == Entry.Kind.DOMAIN else (),
        everything=entry.kind == Entry.Kind.PATTERN,
    )
