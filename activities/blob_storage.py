"""Keeps files on this machine's disk under names that are made from their content."""

import os
import threading
from typing import Any, cast

from django.core.files.storage import FileSystemStorage, default_storage


class BlobStorage(FileSystemStorage):
    """A blob appears under its name whole or not at all, and never changes afterwards.

    It is written beside its place and then moved there: a process that dies half way leaves no
    blob that lies about its content. Two that write the same one write the same bytes.
    """

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Write the file under exactly this name and return it."""
        if not name:
            raise ValueError("A blob needs a name.")
        path, data = self.path(name), content.read()
        unfinished = f"{path}.{os.getpid()}-{threading.get_ident()}"
        try:
            _write(unfinished, data)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            _write(unfinished, data)
        os.replace(unfinished, path)
        return name

    def renew(self, name: str) -> bool:
        """Make a blob as young as one that was just written; False where there is none."""
        try:
            os.utime(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def discard(self, name: str, *, before: float) -> int | None:
        """Delete a blob last written or renewed before a moment (seconds since 1970).

        Returns its size in bytes, or None where it is younger or not there. It steps aside before
        it is judged: whoever renews it meanwhile finds none and writes it anew.
        """
        path = self.path(name)
        aside = f"{path}.aside"
        try:
            if os.stat(path).st_mtime >= before:
                return None
            os.replace(path, aside)
        except FileNotFoundError:
            return None
        found = os.stat(aside)
        if found.st_mtime >= before:
            os.replace(aside, path)
            return None
        os.unlink(aside)
        return found.st_size


# The store that the settings name.
blobs = cast(BlobStorage, default_storage)


def _write(path: str, data: bytes) -> None:
    # Readable by nobody but ourselves: it is somebody's mail.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
