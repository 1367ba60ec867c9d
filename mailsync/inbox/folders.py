"""The folders and labels of a mailbox as a tree, written down as one list."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mailsync.inbox.asked import WrongFilter
from mailsync.models import Folder

DEEPEST = 8


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder that is read; `depth` is how many folders it lies in, as far as they are read."""

    id: uuid.UUID
    name: str
    path: str
    role: str
    depth: int


def folder_lines(folders: Sequence[Folder]) -> list[FolderLine]:
    """The folders in their order, each followed by those that lie in it."""
    here = {folder.provider_id for folder in folders}
    inside: dict[str, list[Folder]] = defaultdict(list)
    for folder in folders:
        inside[folder.parent if folder.parent in here else ""].append(folder)
    lines: list[FolderLine] = []
    _add(lines, inside, "", None, 0)
    # What a provider nests in a circle hangs on no root, and is shown all the same.
    told = {line.id for line in lines}
    lines += [_line(folder, None, 0) for folder in folders if folder.id not in told]
    return lines


def folder_called(folders: Sequence[Folder], name: str) -> Folder:
    """The folder that a filter names, by its whole name or the last part of it."""
    wanted = name.casefold()
    for folder in folders:
        if wanted in (folder.name.casefold(), folder.role):
            return folder
    for line, folder in zip(folder_lines(folders), _by_line(folders), strict=True):
        if line.name.casefold() == wanted:
            return folder
    raise WrongFilter(
        _("This mailbox reads no folder called “%(name)s”. Look at the list of folders.")
        % {"name": name}
    )


def _by_line(folders: Sequence[Folder]) -> list[Folder]:
    by_id = {folder.id: folder for folder in folders}
    return [by_id[line.id] for line in folder_lines(folders)]


def _add(
    lines: list[FolderLine],
    inside: dict[str, list[Folder]],
    parent_id: str,
    parent: Folder | None,
    depth: int,
) -> None:
    if depth > DEEPEST:
        return
    for folder in inside[parent_id]:
        lines.append(_line(folder, parent, depth))
        if folder.provider_id:
            _add(lines, inside, folder.provider_id, folder, depth + 1)


def _line(folder: Folder, parent: Folder | None, depth: int) -> FolderLine:
    name = folder.name
    if parent is not None and name.startswith(parent.name) and len(name) > len(parent.name) + 1:
        # Between the names stands one character, which the server chooses (RFC 3501, 5.1).
        name = name[len(parent.name) + 1 :]
    return FolderLine(folder.id, name, folder.name, folder.role, depth)
