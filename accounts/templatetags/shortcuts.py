"""What pages show of the key table: hints on buttons, the help, the palette and the script's JSON.

Templates start with ``{% load shortcuts %}``.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import navigation, shortcuts

register = template.Library()


@register.simple_tag(takes_context=True)
def act(context: template.Context, name: str, title: bool = True) -> SafeString:
    """The attributes of an element that a key presses, with the hint that says so."""
    key = shortcuts.BY_NAME[name]
    if not _are_on(context):
        return format_html(' data-act="{}"', name)
    hint = format_html(' title="{} ({})"', key.label, key.first) if title else ""
    return format_html(' data-act="{}" aria-keyshortcuts="{}"{}', name, key.aria, hint)


@register.simple_tag(takes_context=True)
def cap(context: template.Context, name: str) -> SafeString:
    """The key of an act as a small cap beside its words; nothing where the keys are off."""
    if not _are_on(context):
        return SafeString("")
    return format_html('<kbd aria-hidden="true">{}</kbd>', shortcuts.BY_NAME[name].first)


@register.inclusion_tag("components/keys.html", takes_context=True)
def key_dialogs(context: template.Context) -> dict[str, Any]:
    """The help, the palette and the table for the script, once a page."""
    request = context["request"]
    urls = {key.name: _url(request, key) for key in shortcuts.TABLE}
    table = [
        {"name": key.name, "presses": key.presses, "url": urls[key.name]} for key in shortcuts.TABLE
    ]
    return {
        "on": _are_on(context),
        "groups": shortcuts.grouped(),
        "offers": [(key, urls[key.name]) for key in shortcuts.TABLE if _is_offered(key, urls)],
        "table": table,
        "profile_url": navigation.nav_url(request, "accounts:profile"),
    }


def _are_on(context: template.Context) -> bool:
    request = context.get("request")
    return bool(getattr(getattr(request, "user", None), "uses_keys", False))


def _url(request: HttpRequest, key: shortcuts.Key) -> str | None:
    return navigation.nav_url(request, key.page) if key.page else None


def _is_offered(key: shortcuts.Key, urls: dict[str, str | None]) -> bool:
    return key.palette and not (key.page and urls[key.name] is None)
