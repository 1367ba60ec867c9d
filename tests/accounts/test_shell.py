"""The frame of every page: what it may load, where it leads, and what its parts look like."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import tenancy
from accounts.forms import InviteForm
from accounts.models import Member, Role
from accounts.templatetags import ui
from accounts.views.outbox import with_links

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SETTINGS = "/w/ours/settings/"
PAGES = ["profile/", "people/", "keys/", "audit/"]


@pytest.fixture
def ana(ours: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(ours.ana.user)
    return client


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_only_our_own_files_and_only_with_a_nonce(ana: Client, page: str) -> None:
    answer = ana.get(SETTINGS + page)
    policy, text = answer["Content-Security-Policy"], answer.content.decode()
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    nonces = set(re.findall(r'nonce="([^"]+)"', text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"', text)
    assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "hx-on" not in text


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = set()
    for path in TEMPLATES:
        text = path.read_text()
        named |= set(re.findall(r'{% icon "([^"]+)"', text))
        named |= set(re.findall(r'(?:icon|icon_name)="([^"]+)"', text))
    assert named
    assert named <= drawn


def test_every_page_has_a_title_of_its_own(ana: Client) -> None:
    titles = [
        re.search(r"<title>(.*?)</title>", ana.get(SETTINGS + page).content.decode()).group(1)
        for page in PAGES
    ]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith(" · Ours · Threadwell") for title in titles)


def test_a_page_begins_with_a_way_past_the_navigation_and_holds_one_live_region(
    ana: Client,
) -> None:
    text = ana.get(SETTINGS + "people/").content.decode()
    assert re.search(r'<body[^>]*>\s*<a class="btn skip" href="#main">', text)
    assert text.count("aria-live=") == 1
    assert text.count("<h1>") == 1
    assert 'id="main" tabindex="-1"' in text


def test_the_open_page_is_marked_in_the_rail_and_its_parent_in_the_sidebar(ana: Client) -> None:
    text = ana.get(SETTINGS + "people/").content.decode()
    assert f'href="{SETTINGS}people/" aria-current="page"' in text
    assert f'href="{SETTINGS}" aria-current="true"' in text


def test_the_rail_leads_a_phone_to_what_its_tabs_have_no_room_for(
    ours: SimpleNamespace, ana: Client
) -> None:
    text = ana.get(SETTINGS + "profile/").content.decode()
    rail = text[text.index('class="rail') :]
    for address in ("/workspaces/", "/w/ours/activities/changes/", "/w/ours/held/"):
        assert re.search(rf'href="{address}"[^>]* data-phone', rail), address
    ben = Client()
    ben.force_login(ours.ben.user)
    assert "/w/ours/held/" not in ben.get(SETTINGS + "profile/").content.decode()


def test_a_member_sees_no_links_that_only_admins_may_follow(
    ours: SimpleNamespace, ana: Client
) -> None:
    ben = Client()
    ben.force_login(ours.ben.user)
    link = f'href="{SETTINGS}audit/"'
    assert link in ana.get(SETTINGS + "profile/").content.decode()
    assert link not in ben.get(SETTINGS + "profile/").content.decode()


def test_an_act_is_told_as_a_toast_on_the_next_page_and_once(ana: Client) -> None:
    ana.post(SETTINGS + "profile/", {"name": "Ana", "time_zone": "UTC"})
    first, second = (ana.get(SETTINGS + "profile/").content.decode() for _time in range(2))
    assert "Your profile is saved." in first
    assert 'class="toast"' not in second


def test_a_toast_with_a_way_back_posts_to_it(ours: SimpleNamespace) -> None:
    page = render(
        '{% include "components/toasts.html" %}',
        messages=[SimpleNamespace(level=25, extra_tags="/w/ours/undo/1/", message="Done")],
        csrf_token="token",
    )
    assert '<form method="post" action="/w/ours/undo/1/">' in page


def test_the_theme_that_was_chosen_is_in_the_first_byte_of_the_page(ana: Client) -> None:
    assert "data-theme" not in ana.get(SETTINGS).content.decode()
    ana.cookies["theme"] = "dark"
    assert '<html lang="en" dir="ltr" data-theme="dark">' in (
        ana.get(SETTINGS + "profile/").content.decode()
    )
    ana.cookies["theme"] = '"><script>'
    assert "data-theme" not in ana.get(SETTINGS + "profile/").content.decode().split("<body")[0]


def test_names_and_messages_are_escaped_wherever_they_stand(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(name="<img src=x onerror=alert(1)>")
    page = ana.get(SETTINGS + "people/").content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ola Berg", "OB"),
        ("dana@client.example", "DA"),
        ("Maria da Silva", "MS"),
        ("ليلى حدّاد", "لح"),
        ("", "?"),
        ("…", "?"),
    ],
)
def test_an_avatar_shows_the_letters_of_a_name_or_an_address(name: str, letters: str) -> None:
    assert ui.initials(name) == letters
    assert f">{letters}</span>" in ui.avatar(name)


def test_an_avatars_hue_is_one_that_the_stylesheet_knows_and_stays_the_same() -> None:
    css = (settings.BASE_DIR / "static" / "threadwell.css").read_text()
    first, again = ui.avatar("Ola Berg"), ui.avatar("ola berg")
    hue = re.search(r'data-hue="(\d+)"', first).group(1)
    assert f'data-hue="{hue}"' in again
    assert f'.avatar[data-hue="{hue}"]' in css


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (timedelta(0), r"\d\d:\d\d"),
        (timedelta(days=1), "Yesterday"),
        (timedelta(days=3), r"[A-Z][a-z]{2}"),
        (timedelta(days=400), r"\d{1,2} [A-Z][a-z]{2} \d{4}"),
    ],
)
def test_a_moment_is_short_and_keeps_its_whole_self_in_attributes(
    before: timedelta, shown: str
) -> None:
    when = timezone.now() - before
    html = ui.moment(when)
    assert re.search(f">{shown}</time>", html)
    assert f'datetime="{when.isoformat(timespec="seconds")}"' in html


def test_a_moment_stands_in_the_readers_zone() -> None:
    now = datetime.now(UTC).replace(hour=12, minute=30)
    with timezone.override("Asia/Tokyo"):
        assert "21:30" in ui.moment(now) or "Yesterday" in ui.moment(now)


def test_a_bar_is_drawn_without_a_style() -> None:
    bar = ui.progress(ok=25, warn=1.4)
    assert '<rect x="0.00%" width="25.00%"' in bar
    assert '<rect x="25.00%" width="1.40%"' in bar
    assert "style" not in bar


def test_only_the_first_wrong_field_takes_the_focus(ours: SimpleNamespace) -> None:
    form = InviteForm(ours.ana, {"email": "nonsense", "role": "emperor"})
    html = str(form)
    assert html.count("autofocus") == 1
    assert re.search(r'name="email"[^>]*autofocus', html)
    assert html.count('aria-invalid="true"') == 2


def test_a_field_names_its_help_and_its_error_for_screen_readers(ana: Client) -> None:
    page = ana.post(SETTINGS + "addresses/", {"address": "x"}).content.decode()
    described = re.search(r'name="address"[^>]*aria-describedby="([^"]+)"', page).group(1)
    assert all(f'id="{name}"' in page for name in described.split())


def test_an_absent_page_says_so_in_our_words(ana: Client) -> None:
    answer = ana.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_the_outbox_is_shown_by_the_demo_alone(
    ana: Client, settings: object, tmp_path: Path
) -> None:
    settings.DEMO = False
    assert ana.get("/outbox/").status_code == 404
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert "No mail was sent yet" in ana.get("/outbox/").content.decode()
    ana.post(SETTINGS + "people/invitations/", {"email": "zoe@new.example", "role": "member"})
    page = Client().get("/outbox/").content.decode()
    assert "zoe@new.example" in page
    assert re.search(r'<a class="link" href="http://[^"]+/invitations/[^"]+"', page)


def test_links_of_a_mail_are_clickable_and_its_markup_is_not() -> None:
    html = with_links("See <b>https://threadwell.example/a?b=1&c=2</b>. javascript:alert(1)")
    assert 'href="https://threadwell.example/a?b=1&amp;c=2"' in html
    assert "&lt;b&gt;" in html
    assert html.count("<a ") == 1


def test_a_viewer_is_told_nothing_by_a_hidden_page(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(role=Role.VIEWER)
    ben = Client()
    ben.force_login(ours.ben.user)
    hidden, absent = ben.get(SETTINGS + "audit/"), ben.get("/w/ours/no-such-page/")
    assert hidden.status_code == absent.status_code == 404
    assert len(list(get_messages(hidden.wsgi_request))) == 0
