"""One workspace in which one scenario plays: its directory, and what the record shows."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db.models import Model
from django.test import Client

from accounts import tenancy
from accounts.models import Role, User
from accounts.services.create_workspace import create_workspace
from bcc_inbound.models import Delivery
from tests.conftest import make_member
from tests.dovecot import Dovecot
from tests.journeys.browsing import Page, words
from tests.journeys.inbound_doors import HandOver, by_smtp
from tests.journeys.people import Mail, Person
from tests.journeys.servers import Servers, eventually
from tests.journeys.vendor_mailbox import Vendor

OWN_DOMAIN = "ours.example"


class Scene:
    """A workspace with Ana (owner), Ben (member) and the project One; ours.example is internal.

    `ids` holds what was made on the pages, by name. Words that read wait for what they name.
    """

    def __init__(self, servers: Servers, slug: str, door: HandOver | None = None) -> None:
        self.servers, self.slug = servers, slug
        self.door = door or by_smtp(servers.smtp_port)
        self.ids: dict[str, str] = {}
        self.dovecot: Dovecot | None = None
        self.vendor: Vendor | None = None
        owner = create_workspace(_user("ana"), name=slug.upper(), slug=slug, member_name="Ana")
        self.id = owner.workspace_id
        self.ana = Person(self, owner)
        with tenancy.in_workspace(self.id, owner.id):
            cast = SimpleNamespace(id=self.id, domain=OWN_DOMAIN)
            self.ben = Person(self, make_member(cast, "ben", Role.MEMBER))
        self.ana.open("settings/internal-domains/").press("internal-domains/", domain=OWN_DOMAIN)
        self._rename_first_project()

    # The directory, made on the pages.

    def project(self, name: str, **settings: Any) -> None:
        """A further project; its mail is called like it."""
        page = self.ana.open("projects/new/")
        made = page.press("projects/new/", name=name, interaction_type=f"{name} mail", **settings)
        self.ids[name] = made.links("#rows td:first-child a")[name].split("/")[4]

    def sets_project(self, name: str, **settings: Any) -> None:
        path = f"projects/{self.ids[name]}/edit/"
        self.ana.open(path).press(path, **settings)

    def contact(self, name: str, address: str, *projects: str) -> None:
        """A contact whose profiles are given by hand."""
        page = self.ana.open("contacts/new/").press(
            "contacts/new/",
            name=name,
            address=address,
            projects=[self.ids[one] for one in projects],
        )
        self.ids[name] = page.path.split("/")[4]

    def profile(self, name: str, project: str) -> None:
        page = self.ana.open(f"contacts/{self.ids[name]}/edit/")
        page.press("/profiles/", project=self.ids[project])

    def company(self, name: str, domain: str, *projects: str) -> None:
        inside = [self.ids[one] for one in projects]
        page = self.ana.open("companies/new/")
        made = page.press("companies/new/", name=name, domain=domain, projects=inside)
        self.ids[name] = made.path.split("/")[4]

    def domain(self, company: str, domain: str) -> None:
        page = self.ana.open(f"companies/{self.ids[company]}/edit/")
        page.press("/domains/", domain=domain)

    def decides_all_again(self) -> None:
        """Change what touches all mail, and wait until the worker has looked at it again."""
        page = self.ana.open("settings/entries/").press("/automated/", name="bulk", passes="yes")
        assert "decided again" in page.said
        self.is_quiet()

    def is_quiet(self) -> None:
        """Wait until the worker has nothing to do any more."""
        eventually(self.servers.idle, hoping="the worker to have nothing to do")

    def contacts(self) -> list[str]:
        return self.ana.open("contacts/").texts("#rows td:first-child a")

    def whom(self, name: str) -> str:
        """How the assign form names a contact or company: the kind and its id."""
        page = self.ana.open(f"activities/note/?find={name}")
        for option in page.tree.css("#choices label"):
            value = option.css_first("input").attributes["value"] or ""
            if words(option.css_first("b") or option) == name:
                return value
        raise AssertionError(f"The form finds nobody called {name}.")

    def two_projects(self) -> None:
        """A second project Two, and contacts of One (Jane), of Two (Omar) and of both (Mia)."""
        self.project("Two")
        self.contact("Jane", "jane@client.example", "One")
        self.contact("Omar", "omar@client.example", "Two")
        self.contact("Mia", "mia@client.example", "One", "Two")

    # Mail to the inbound addresses.

    def hand_over(self, mail: Mail, inbound: str, *, sender: str, proven: bool = True) -> None:
        """Give a mail to the door, for the address of a project ("" for the workspace).

        `proven` says whether anything shows that it comes from its sender.
        """
        self.door(self.inbound(inbound), mail.raw, sender=sender, proven=proven)

    def inbound(self, project: str = "") -> str:
        """The address that the page of inbound addresses shows."""
        for card in self.ana.open("settings/inbound-addresses/").tree.css("section.card"):
            if words(card.css_first("h3 bdi") or card.css_first("h3")) == (
                project or "The whole workspace"
            ):
                return words(card.css_first(".secret .grow"))
        raise AssertionError(f"No inbound address for {project}.")

    def held(self) -> list[str]:
        """Who sent what is held, once the listener's mail is processed."""
        eventually(lambda: not self._has_due_mail(), hoping="the delivered mail to be processed")
        self.is_quiet()
        return sorted(self.ana.open("held/").texts("#held .from a"))

    # The record.

    def logs(self, mail: Mail, *places: str) -> Page:
        """Wait until the mail stands in exactly these places ("Jane in One"), as its own page and
        the timelines behind it say; the page of the mail.
        """

        page = self._page_where(mail, self.places_on, *places)
        for link in page.links("section[aria-labelledby=places] a.link").values():
            assert self.ana.open(link).texts(".thread a.link").count(mail.subject) == 1
        return page

    def places_on(self, page: Page) -> list[str]:
        """Where the mail of this page is recorded."""
        rows = page.tree.css("section[aria-labelledby=places] li")
        return sorted(
            f"{words(row.css_first('a.link'))} in {words(row.css_first('.badge bdi'))}"
            for row in rows
        )

    def types_on(self, page: Page) -> list[str]:
        """The interaction types under which it is recorded."""
        found = page.tree.css("input[name=interaction_type]")
        return [one.attributes["value"] or "" for one in found]

    def sources_on(self, page: Page) -> list[str]:
        """How the copies of the mail came, as the page says."""
        for card in page.tree.css("section.card"):
            if words(card.css_first("h2") or card) == "Sources":
                return sorted(words(one) for one in card.css("li > span:not(.push)"))
        return []

    def has_sources(self, mail: Mail, *sources: str) -> Page:
        """Wait until the page of the mail names exactly these sources."""
        return self._page_where(mail, self.sources_on, *sources)

    def timeline(self, name: str) -> list[str]:
        """The subjects on the timeline of a contact or company, newest first."""
        kind = self.whom(name).partition(":")[0]
        plural = {"contact": "contacts", "company": "companies"}[kind]
        page = self.ana.open(f"{plural}/{self.ids[name]}/")
        return page.texts(".thread a.link")

    def sees_blocked(self, value: str, *, times: int) -> bool:
        """Wait until the page of entries tells, by a count and a line each, how many mails this
        entry refused.
        """

        seen: list[object] = [f"{value} refused {times} times, told last:", None]

        def told() -> bool:
            page = self.ana.open("settings/entries/")
            lines = page.texts("section[aria-labelledby=blocked] li")
            (row,) = (row for row in page.tree.css("tr[data-row]") if value in words(row))
            count = next(iter(row.css_first("td.end").text(deep=False).split()), "0")
            seen[1] = [int(count), sum(value in line for line in lines)]
            return seen[1] == [times, times]

        return eventually(told, hoping=seen)

    def everything_stored_of(self, model: type[Model], *columns: str) -> list[Any]:
        """What any row of the table still holds in these columns."""
        with tenancy.in_workspace(self.id, self.ana.member.id):
            rows = model._default_manager.filter(workspace_id=self.id).values_list(*columns)
            return [value for row in rows for value in row if value]

    def api(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list of the API, asked for with a key that is made on the page."""
        page = self.ana.open("settings/keys/").press(
            "settings/keys/", 201, name="journey", scopes=["read"]
        )
        key = page.texts(".secret .grow")[0]
        address = f"/api/v1/w/{self.slug}/{path}"
        answer = Client().get(address, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        rows: list[dict[str, Any]] = answer.json()["results"]
        return rows

    def count(self, model: type[Model], *, seen_by: Person | None = None) -> int:
        """How many rows of a table the database shows to a member of the workspace."""
        with tenancy.in_workspace(self.id, (seen_by or self.ana).member.id):
            return model._default_manager.filter(workspace_id=self.id).count()

    def _has_due_mail(self) -> bool:
        with tenancy.in_workspace(self.id):
            return Delivery.objects.filter(workspace_id=self.id, state="due").exists()

    def _page_where(self, mail: Mail, read: Callable[[Page], list[str]], *wanted: str) -> Page:
        """Wait until the page of the mail reads exactly like this; the page."""
        hoping: list[object] = [f"{mail.subject} with {sorted(wanted)}, seen last:", "nothing"]

        def look() -> Page | None:
            page = self.ana.sees_logged(mail)
            hoping[1] = read(page)
            return page if hoping[1] == sorted(wanted) else None

        return eventually(look, hoping=hoping)

    def _rename_first_project(self) -> None:
        (path,) = self.ana.open("projects/").links("#rows td.end a").values()
        self.ana.open(path).press(path, name="One", interaction_type="One mail")
        self.ids["One"] = path.split("/")[4]


def _user(name: str) -> User:
    address = f"{name}@{OWN_DOMAIN}"
    return User.objects.filter(email=address).first() or User.objects.create_user(address)
