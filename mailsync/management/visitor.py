"""A person at a browser, for the demo: signs in, follows links, fills forms in and sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

SECONDS = 60


class UnexpectedPage(Exception):
    """A page does not hold what a person would look for on it."""


@dataclass(slots=True)
class Form:
    """A form as it was drawn: where it goes, and its fields with what stands in them.

    `choices` names the values of each field that is ticked, by the text beside them.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What a person sees of a page: its forms, and the links that look like buttons."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.buttons: list[str] = []
        self._ticked: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self.url, found.get("action") or self.url)))
        elif tag == "a" and "btn" in found.get("class", "").split():
            self.buttons.append(urljoin(self.url, found.get("href", "")))
        elif tag == "input" and self.forms and found.get("name"):
            self._take(self.forms[-1], found)

    def handle_data(self, data: str) -> None:
        if self._ticked and data.strip() and self.forms:
            name, value = self._ticked
            self.forms[-1].choices.setdefault(name, {})[data.strip()] = value
            self._ticked = None

    def _take(self, form: Form, found: Mapping[str, str]) -> None:
        name, value = found["name"], found.get("value", "on")
        tick = found.get("type") in {"checkbox", "radio"}
        if tick:
            self._ticked = (name, value)
        if not tick or "checked" in found:
            form.fields.setdefault(name, []).append(value)


class Visitor:
    """One browser with its cookies, at one site."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()

    def open(self, path: str) -> Page:
        return self._page(self.session.get(urljoin(self.site, path), timeout=SECONDS))

    def send(self, page: Page, action: str, **changes: str | list[str]) -> Page:
        """Fill in the form whose address ends like this, and send it; the page that follows."""
        for form in page.forms:
            if urlsplit(form.action).path.endswith(action):
                fields: dict[str, str | list[str]] = {**form.fields, **changes}
                headers = {"Referer": page.url}
                return self._page(
                    self.session.post(form.action, fields, headers=headers, timeout=SECONDS)
                )
        raise UnexpectedPage(f"{urlsplit(page.url).path} has no form that goes to {action}.")

    @staticmethod
    def _page(answer: requests.Response) -> Page:
        if answer.status_code >= 400:
            path = urlsplit(answer.url).path
            raise UnexpectedPage(f"{path} answers {answer.status_code}.")
        return Page(answer.url, answer.text)
