"""The keys of the pages: one table, from which the help, the palette, the hints on buttons, the
small script and `docs/keys.md` are made.

A key finds its element by `data-act`, whose value is the key's name; a key with a `page` leads to
that page by its URL name. Only the movements and the dialogs are known to the script itself.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYWHERE = _("Everywhere")
LISTS = _("In a list")
TRIAGE = _("On mail that waits")
MAIL = _("On an open email")
PAGES = _("Go to a page")

CANDIDATES = tuple("123456789")
CAPS = {"Mod": "Ctrl", "Shift": "Shift", "Escape": "Esc", "Enter": "Enter"}


@dataclass(frozen=True, slots=True)
class Key:
    """One act: `presses` are the keys that do it, each a key, `Shift+x`, `Mod+k` (Ctrl or Cmd) or
    a sequence such as `g a`. `palette` offers it there by its name."""

    name: str
    presses: tuple[str, ...]
    label: str | Promise
    where: str | Promise
    page: str = ""
    palette: bool = False

    @property
    def first(self) -> str:
        """The first way to press it in words: `Shift R`, `Ctrl K`, `G A`."""
        return " ".join(self.caps[0])

    @property
    def caps(self) -> tuple[tuple[str, ...], ...]:
        """The caps to press, one group for each way."""
        if self.presses == CANDIDATES:
            return (("1-9",),)
        return tuple(tuple(_read_out(press).split(" ")) for press in self.presses)

    @property
    def aria(self) -> str:
        """The value of aria-keyshortcuts, which knows no sequences."""
        single = [press for press in self.presses if " " not in press]
        spelled = [press.replace("Mod+", "Control+") for press in single]
        spelled += [press.replace("Mod+", "Meta+") for press in single if "Mod+" in press]
        return " ".join(spelled)


TABLE = (
    Key("next", ("j",), _("Next row"), LISTS),
    Key("previous", ("k",), _("Row before"), LISTS),
    Key("open", ("Enter", "o"), _("Open"), LISTS),
    Key("select", ("x",), _("Select the row"), LISTS),
    Key("range", ("Shift+x",), _("Select up to this row"), LISTS),
    Key("project", ("b",), _("Choose the projects of the thread"), LISTS, palette=True),
    Key("assign", ("a",), _("Assign"), TRIAGE, palette=True),
    Key("dismiss", ("e",), _("Dismiss: not about a customer"), TRIAGE, palette=True),
    Key("block", ("!",), _("Block the sender"), TRIAGE, palette=True),
    Key("why", ("w",), _("Why is it here?"), TRIAGE, palette=True),
    Key("candidate", CANDIDATES, _("Take the suggestion or project of that number"), TRIAGE),
    Key("reply", ("r",), _("Reply"), MAIL, palette=True),
    Key("reply-all", ("Shift+r",), _("Reply to all"), MAIL, palette=True),
    Key("forward", ("f",), _("Forward"), MAIL, palette=True),
    Key("newer", ("[",), _("Newer thread"), MAIL),
    Key("older", ("]",), _("Older thread"), MAIL),
    Key("back", ("u", "Escape"), _("Back"), EVERYWHERE),
    Key("undo", ("z",), _("Undo what was done last"), EVERYWHERE, palette=True),
    Key("compose", ("c",), _("Write an email"), EVERYWHERE, page="mailsync:compose", palette=True),
    Key("search", ("/",), _("Search"), EVERYWHERE),
    Key("palette", ("Mod+k",), _("Find a page or an act by name"), EVERYWHERE),
    Key("help", ("?",), _("Show the keys"), EVERYWHERE),
    Key("go-activities", ("g a",), _("Activities"), PAGES, page="activities:list", palette=True),
    Key(
        "go-unassigned",
        ("g u",),
        _("Unassigned"),
        PAGES,
        page="activities:unassigned",
        palette=True,
    ),
    Key(
        "go-needs-project",
        ("g n",),
        _("Needs project"),
        PAGES,
        page="activities:needs_project",
        palette=True,
    ),
    Key("go-inbox", ("g i",), _("Inbox"), PAGES, page="mailsync:folders", palette=True),
    Key("go-contacts", ("g c",), _("Contacts"), PAGES, page="contacts:contacts", palette=True),
    Key("go-companies", ("g o",), _("Companies"), PAGES, page="contacts:companies", palette=True),
    Key("go-projects", ("g p",), _("Projects"), PAGES, page="contacts:projects", palette=True),
    Key("go-settings", ("g s",), _("Settings"), PAGES, page="accounts:settings", palette=True),
)

BY_NAME = {key.name: key for key in TABLE}


def grouped() -> list[tuple[str, list[Key]]]:
    """The table by where its keys work, in the order of the table."""
    found: dict[str, list[Key]] = {}
    for key in TABLE:
        found.setdefault(str(key.where), []).append(key)
    return list(found.items())


def as_markdown() -> str:
    """What stands in `docs/keys.md`."""
    lines = [
        "# Keys",
        "",
        "Made from the table in `accounts/shortcuts.py`; a test holds the two equal. The keys do",
        "nothing while you type in a field, and a switch in your profile turns them off.",
    ]
    for where, keys in grouped():
        lines += ["", f"## {where}", "", "| keys | what it does |", "| --- | --- |"]
        lines += [f"| {_code(key)} | {key.label} |" for key in keys]
    return "\n".join(lines) + "\n"


def _code(key: Key) -> str:
    return " or ".join(f"`{' '.join(caps)}`" for caps in key.caps)


def _read_out(press: str) -> str:
    """One press as it stands on the keyboard, its parts by spaces: `Shift R`, `Ctrl K`, `G A`."""
    parts = press.replace("+", " ").split(" ")
    return " ".join(CAPS.get(part, part.upper()) for part in parts)
