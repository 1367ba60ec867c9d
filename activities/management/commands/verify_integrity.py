"""Says whether the record still keeps its promises, a line a check."""

from typing import Any

from django.core.management.base import BaseCommand

from activities.services.verify_integrity import verify_integrity


class Command(BaseCommand):
    help = "Checks every workspace's record; a line a check, and exit status 1 if one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify_integrity()
        for one in findings:
            state = "broken" if one.broken else "ok"
            where = f" ({one.broken} in {_named(one.workspaces)})" if one.broken else ""
            self.stdout.write(f"{state:6} {one.name}: {one.promise}{where}")
        if any(one.broken for one in findings):
            raise SystemExit(1)


def _named(workspaces: tuple[Any, ...]) -> str:
    shown = ", ".join(str(one) for one in workspaces[:20])
    return f"workspace {shown}" if shown else "the schema"
