"""Writes down what changed in the directory, so that mail which waits is decided again (C1)."""

import uuid
from collections.abc import Iterable

from accounts.models import Member
from contacts.models import DirectoryChange

MOST_SEPARATE = 200
"""Above so many addresses or domains, one walk over all mail is cheaper than that many."""


def note_changes(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    addresses: Iterable[str] = (),
    domains: Iterable[str] = (),
    everything: bool = False,
) -> list[DirectoryChange]:
    """Write a row for each address and domain in the caller's transaction and return them."""
    kinds = DirectoryChange.Kind
    found = [(kinds.ADDRESS, address) for address in dict.fromkeys(addresses)]
    found += [(kinds.DOMAIN, domain) for domain in dict.fromkeys(domains)]
    if everything or len(found) > MOST_SEPARATE:
        found = [(kinds.EVERYTHING, "")]
    return DirectoryChange.objects.bulk_create(
        DirectoryChange(workspace_id=workspace_id, kind=kind, value=value, made_by=by)
        for kind, value in found
    )
