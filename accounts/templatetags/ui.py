"""The small parts that every page is made of: icons, avatars, badges, times, links, form controls.

Templates start with ``{% load ui %}``. Nothing here writes a style attribute, because the
pages' content policy refuses them; hues and bars are attributes of their elements instead.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.forms import CheckboxInput
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import navigation

register = template.Library()

HUES = 36
TOAST_ICONS = {
    constants.ERROR: "circle-alert",
    constants.WARNING: "triangle-alert",
    constants.INFO: "info",
}
MARK = (
    '<svg class="brand-mark" viewBox="0 0 28 28" fill="none" aria-hidden="true">'
    '<rect width="28" height="28" rx="8" fill="currentColor"/>'
    '<path d="M7 9h14M14 9v5.2c0 2.6 4.4 2.2 4.4 4.9 0 1.5-1.2 2.4-2.7 2.4-1.7 0-2.9-1.1-2.9-2.6"'
    ' stroke="var(--thread-on)" stroke-width="2.3" stroke-linecap="round"'
    ' stroke-linejoin="round"/><circle cx="14" cy="9" r="2.1" fill="var(--thread-on)"/></svg>'
)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless a label says what it means."""
    return format_html(
        '<svg class="icon"{}{}><use href="{}#{}"/></svg>',
        _attribute("data-size", size),
        format_html(' role="img" aria-label="{}"', label) if label else _HIDDEN,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def brand_mark() -> SafeString:
    return SafeString(MARK)


@register.simple_tag
def avatar(name: str, size: str = "", shape: str = "", unknown: bool = False) -> SafeString:
    """A disc (shape="square" for companies and projects) with initials; its hue follows the name.

    The name itself always stands beside an avatar, so screen readers pass over it.
    """
    if unknown:
        return format_html(
            '<span class="avatar" data-kind="unknown"{}{} aria-hidden="true">?</span>',
            _attribute("data-size", size),
            _attribute("data-shape", shape),
        )
    text = str(name)
    return format_html(
        '<span class="avatar" data-hue="{}"{}{} aria-hidden="true">{}</span>',
        crc32(text.casefold().encode()) % HUES,
        _attribute("data-size", size),
        _attribute("data-shape", shape),
        initials(text),
    )


def initials(name: str) -> str:
    """Two letters for a name or an address: 'Ola Berg' is OB, 'dana@example.org' is DA."""
    words = [word for word in name.partition("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@register.simple_tag
def badge(text: str, tone: str = "", icon_name: str = "") -> SafeString:
    """A status in a word; tone is ok, warn, bad or thread, and never the only sign of it."""
    return format_html(
        '<span class="badge"{}>{}{}</span>',
        _attribute("data-tone", tone),
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def project_badge(project: Any) -> SafeString:
    """The project that something was logged to."""
    return format_html(
        '<span class="badge" data-tone="ok">{}<bdi>{}</bdi></span>', icon("building-2"), project
    )


@register.simple_tag
def project_name(project: Any) -> SafeString:
    """A project in a list: its square and its name."""
    return format_html(
        '<span class="row">{}<bdi>{}</bdi></span>',
        avatar(str(project), size="sm", shape="square"),
        project,
    )


@register.simple_tag
def moment(when: datetime | None, css: str = "small mute") -> SafeString:
    """A point in time, short, in the reader's zone: 09:42, Yesterday, Thu, 3 Mar, 3 Mar 2025.

    Hovering shows the whole of it.
    """
    if when is None:
        return SafeString("")
    local = timezone.localtime(when)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        css,
        when.isoformat(timespec="seconds"),
        date_format(local, "DATETIME_FORMAT"),
        _short(local, timezone.localtime()),
    )


def _short(local: datetime, now: datetime) -> str:
    days = (now.date() - local.date()).days
    if days == 0:
        return date_format(local, "H:i")
    if days == 1:
        return _("Yesterday")
    if 1 < days < 7:
        return date_format(local, "D")
    return date_format(local, "j M" if local.year == now.year else "j M Y")


@register.simple_tag
def day_name(day: date) -> str:
    """The heading of a day in a list: Today, Yesterday, Thursday 19 November."""
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")


@register.simple_tag
def progress(
    ok: float = 0,
    warn: float = 0,
    mute: float = 0,
    plain: float = 0,
    bad: float = 0,
    size: str = "",
) -> SafeString:
    """A bar of parts in percent of the whole; the words beside it say the same."""
    parts, start = [], 0.0
    for tone, share in (("ok", ok), ("warn", warn), ("mute", mute), ("", plain), ("bad", bad)):
        if share:
            parts.append((f"{start:.2f}%", f"{share:.2f}%", _attribute("data-tone", tone)))
            start += share
    bars = format_html_join("", '<rect x="{}" width="{}" height="100%"{}/>', parts)
    return format_html(
        '<svg class="progress"{} aria-hidden="true">{}</svg>', _attribute("data-size", size), bars
    )


@register.simple_tag(takes_context=True)
def nav_url(context: template.Context, name: str) -> str | None:
    """The address of a page of this workspace by its URL name, or None while it has none."""
    return navigation.nav_url(context["request"], name)


@register.inclusion_tag("components/nav_links.html", takes_context=True)
def nav_links(context: template.Context, place: str) -> dict[str, Any]:
    entries = navigation.MAIN if place == "main" else navigation.END
    return {"items": navigation.links(context["request"], entries, context.get("nav_counts"))}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def activity_tabs(context: template.Context) -> dict[str, Any]:
    """The activities and their queues as tabs, for screens too narrow to nest them beside."""
    entries = [entry for entry in navigation.MAIN if entry.nested]
    found = navigation.links(
        context["request"], [navigation.MAIN[0], *entries], context.get("nav_counts")
    )
    return {"items": found}


@register.inclusion_tag("components/settings_rail.html", takes_context=True)
def settings_rail(context: template.Context) -> dict[str, Any]:
    request = context["request"]
    groups = [
        {"label": group.label, "links": navigation.links(request, group.entries)}
        for group in navigation.SETTINGS
    ]
    return {"groups": [group for group in groups if group["links"]]}


@register.simple_tag(takes_context=True)
def nonce(context: template.Context) -> SafeString:
    """The nonce attribute of a script or style element, when a content policy hands one out."""
    # The policy's own lazy value is false until it was written out once.
    value = str(getattr(context.get("request"), "csp_nonce", ""))
    return format_html(' nonce="{}"', value) if value else SafeString("")


@register.simple_tag(takes_context=True)
def theme_attribute(context: template.Context) -> SafeString:
    """The theme that this browser asked for by the switch; nothing follows the system."""
    request = context.get("request")
    theme = request.COOKIES.get("theme") if request else None
    return _attribute("data-theme", theme if theme in {"light", "dark"} else "")


@register.simple_tag
def outbox_url() -> str:
    """Where the demo shows the mail it would have sent; empty outside of the demo."""
    return reverse("accounts:outbox") if settings.DEMO else ""


@register.simple_tag
def toast_tone(message: Message) -> SafeString:
    tones = {constants.ERROR: "bad", constants.WARNING: "warn"}
    return _attribute("data-tone", tones.get(message.level, ""))


@register.simple_tag
def toast_icon(message: Message) -> SafeString:
    return icon(TOAST_ICONS.get(message.level, "circle-check"))


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's input; the first wrong one of its form takes the focus when the page arrives."""
    wrong = [name for name in field.form.fields if name in field.form.errors]
    first = bool(wrong) and wrong[0] == field.name and not field.form.non_field_errors()
    return field.as_widget(attrs={"autofocus": True} if first else {})


def _attribute(name: str, value: str) -> SafeString:
    return format_html(' {}="{}"', name, value) if value else SafeString("")


_HIDDEN = SafeString(' aria-hidden="true"')
