"""What the sandbox remembers: tables of JSON in memory, and a journal that survives a restart."""

import json
from pathlib import Path
from typing import IO, Any


class Tables:
    """Named tables of JSON values by key. With a file, every change is a line at its end.

    Not for changing in place: `put` the new value. The caller holds the sandbox's lock.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._tables: dict[str, dict[str, Any]] = {}
        self._journal: IO[str] | None = None
        if path is not None:
            self._replay(path)
            self._rewrite(path)
            self._journal = path.open("a", encoding="utf-8")

    def all(self, table: str) -> dict[str, Any]:
        """The rows of a table by their key, in the order in which they were first put."""
        return dict(self._tables.get(table, {}))

    def get(self, table: str, key: str) -> Any:
        return self._tables.get(table, {}).get(key)

    def put(self, table: str, key: str, value: Any) -> None:
        self._tables.setdefault(table, {})[key] = value
        self._write([table, key, value])

    def remove(self, table: str, key: str) -> None:
        if self._tables.get(table, {}).pop(key, None) is not None:
            self._write([table, key, None])

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _write(self, line: list[Any]) -> None:
        if self._journal is not None:
            self._journal.write(json.dumps(line) + "\n")
            self._journal.flush()

    def _replay(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for number, line in enumerate(lines):
            try:
                table, key, value = json.loads(line)
            except ValueError:
                # A process that was killed may have left half of its last line.
                if number == len(lines) - 1:
                    return
                raise
            if value is None:
                self._tables.get(table, {}).pop(key, None)
            else:
                self._tables.setdefault(table, {})[key] = value

    def _rewrite(self, path: Path) -> None:
        """Leave one line a row, so that the journal does not grow with every restart."""
        fresh = path.with_suffix(path.suffix + ".new")
        with fresh.open("w", encoding="utf-8") as journal:
            for table, rows in self._tables.items():
                journal.writelines(json.dumps([table, *row]) + "\n" for row in rows.items())
        fresh.replace(path)
