"""Short ways to ask what a service left behind."""

from contacts.models import DirectoryChange


def noted() -> list[tuple[str, str]]:
    """What the directory wrote down to be decided again, in order of kind and value."""
    rows = DirectoryChange.objects.order_by("kind", "value")
    return [(row.kind, row.value) for row in rows]
