"""What every change of the directory asks first: is the row there, and is the text usable?"""

import uuid
from typing import TypeVar

from django.db import connection, models
from django.utils.translation import gettext as _

from contacts.addresses import normalise_address
from contacts.problems import DirectoryProblem, NotThere

NAME_LIMIT = 200
_Row = TypeVar("_Row", bound=models.Model)


def find(model: type[_Row], workspace_id: uuid.UUID, row_id: uuid.UUID) -> _Row:
    """Return a row of the workspace, locked until the transaction ends, or raise NotThere."""
    rows = model._default_manager.select_for_update(of=("self",))
    row = rows.filter(workspace_id=workspace_id, pk=row_id).first()
    if row is None:
        raise NotThere(_("This is no longer there. Reload the page to see what is."))
    return row


def clean_name(text: str, *, field: str = "name", limit: int = NAME_LIMIT) -> str:
    """Return a name without control characters and repeated spaces; refuse a longer one."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    name = " ".join(visible.split())
    if len(name) > limit:
        sentence = _("This is too long. Use at most %(limit)s characters.") % {"limit": limit}
        raise DirectoryProblem(sentence, field=field)
    return name


def required_name(text: str, *, field: str = "name", limit: int = NAME_LIMIT) -> str:
    """Return a cleaned name and refuse an empty one."""
    name = clean_name(text, field=field, limit=limit)
    if not name:
        raise DirectoryProblem(_("Enter a name."), field=field)
    return name


def checked_address(text: str, *, field: str = "address") -> str:
    """Return an address in its normal form, or refuse what is none."""
    address = normalise_address(text)
    if address is None:
        sentence = _("%(text)s is not an email address. Write it like jane@acme.example.")
        raise DirectoryProblem(sentence % {"text": shorten(text)}, field=field)
    return address


def shorten(text: str) -> str:
    """Return what a person typed, short enough to be repeated in a sentence."""
    visible = "".join(character for character in text.strip() if character.isprintable())
    return visible if len(visible) <= 60 else f"{visible[:59]}…"


def lock_directory(workspace_id: uuid.UUID) -> None:
    """Let one transaction at a time change which domain or address is whose in a workspace.

    No constraint can say that an internal domain and a company's never cover one another, so the
    writers take turns.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"directory {workspace_id}"]
        )
