"""A member's browser without a screen: opens pages, reads them, and sends their forms as they are.

Every act goes through the form that stands on the page, with its hidden fields and its token, so
that a form that is missing, or that lost a field, fails the journey as it would fail a person.
"""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSENT = {"submit", "button", "image", "reset", "file"}


class Page:
    """A page that was answered."""

    def __init__(self, browser: "Browser", response: Any, path: str) -> None:
        self.browser = browser
        self.status: int = response.status_code
        self.path = path
        self.html: str = response.content.decode()
        self.tree = LexborHTMLParser(self.html)

    def texts(self, css: str) -> list[str]:
        """The words of every part of the page that the selector finds."""
        return [words(node) for node in self.tree.css(css)]

    def links(self, css: str) -> dict[str, str]:
        """The links that the selector finds: words and address."""
        return {words(node): node.attributes.get("href") or "" for node in self.tree.css(css)}

    @property
    def said(self) -> str:
        """What the page tells about the act that led to it."""
        return " ".join(self.texts("#toasts [data-text], [role=alert], .errorlist, .error"))

    def press(self, action: str, expect: int = 200, **fields: Any) -> "Page":
        """Send the form (or press the button) whose address ends in `action`.

        `fields` are typed over what the form holds; None leaves a field out.
        """
        form, target = self._form(action)
        data = self._filled(form) | fields
        sent = {name: value for name, value in data.items() if value is not None}
        page = self.browser.send(urlsplit(target)._replace(fragment="").geturl(), sent)
        assert page.status == expect, (page.status, page.said or page.html[:2000])
        return page

    def _form(self, action: str) -> tuple[LexborNode, str]:
        for form in self.tree.css("form"):
            target = form.attributes.get("action") or self.path
            if form.attributes.get("method") == "post" and target.endswith(action):
                return form, target
        for button in self.tree.css("button[formaction]"):
            target = button.attributes["formaction"] or ""
            if target.endswith(action):
                return self._form_of(button), target
        raise AssertionError(f"{self.path} has no form for {action}: {self.html[-3000:]}")

    def _form_of(self, button: LexborNode) -> LexborNode:
        named = button.attributes.get("form")
        if named:
            found = self.tree.css_first(f"form#{named}")
            assert found is not None
            return found
        parent = button.parent
        while parent is not None and parent.tag != "form":
            parent = parent.parent
        assert parent is not None
        return parent

    def _filled(self, form: LexborNode) -> dict[str, Any]:
        css = "input[name], select[name], textarea[name]"
        controls = [one for one in form.css(css) if not one.attributes.get("form")]
        if form.id:
            controls += self.tree.css(f"[form={form.id}][name]")
        data: dict[str, Any] = {}
        for one in controls:
            value = value_of(one)
            if value is not None:
                data.setdefault(one.attributes["name"] or "", []).append(value)
        return data


def words(node: LexborNode) -> str:
    """The text of a part of the page, with single spaces."""
    return " ".join(node.text(separator=" ").split())


def value_of(control: LexborNode) -> str | None:
    """What a control sends as it stands, or None where it sends nothing."""
    facts = control.attributes
    kind = facts.get("type") or "text"
    if "disabled" in facts or control.tag == "button" or kind in UNSENT:
        return None
    if kind in {"checkbox", "radio"} and "checked" not in facts:
        return None
    if control.tag == "select":
        chosen = control.css_first("option[selected]") or control.css_first("option")
        return chosen.attributes.get("value") if chosen else None
    if control.tag == "textarea":
        return control.text()
    return facts.get("value") or ("on" if kind == "checkbox" else "")


class Browser:
    """A signed-in member in one workspace. Forgery protection is on, as it is in production."""

    def __init__(self, user: Any, slug: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.home = f"/w/{slug}/"

    def open(self, path: str, *, expect: int = 200) -> Page:
        """Open a page of the workspace (`activities/`), or any page by its whole address."""
        address = path if path.startswith("/") else self.home + path
        response = self.client.get(address, follow=True)
        chain = response.redirect_chain
        page = Page(self, response, chain[-1][0] if chain else address)
        assert page.status == expect, (page.status, address)
        return page

    def send(self, address: str, data: dict[str, Any]) -> Page:
        response = self.client.post(address, data, follow=True)
        chain = response.redirect_chain
        return Page(self, response, chain[-1][0] if chain else address)
