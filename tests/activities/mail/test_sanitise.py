"""HTML that runs nothing, loads nothing and still shows what was written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.mail.body import with_pictures
from activities.mail.plain import plain_text
from activities.mail.sanitise import MAX_HTML, bounded, is_too_deep, sanitise

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img src onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<iframe src='javascript:alert(1)' srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example/x'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='cid:part'>x</a>",
    "<base href='https://evil.example/'><a href='login'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<p style='background-image:url(https://evil.example/x)'>x</p>",
    "<p style='list-style-image:url(https://evil.example/x)'>x</p>",
    "<p style='border-image:url(https://evil.example/x) 1'>x</p>",
    "<p style='background:u\\72l(https://evil.example/x)'>x</p>",
    "<p style='background:image-set(\"https://evil.example/x\" 1x)'>x</p>",
    "<p style='color:red;background:red url(\"https://evil.example/;x\")'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='-moz-binding:url(https://evil.example/x)'>x</p>",
    "<p style='behavior:url(#x)'>x</p>",
    "<p style='position:fixed;top:0;left:0;z-index:9'>x</p>",
    "<div id=csrf name=csrf class='toast modal'>x</div>",
    "<input name=password><button formaction='https://evil.example'>x</button>",
    "<form action='https://evil.example'><input name=q></form>",
    "<table background='https://evil.example/x'><tr><td background='https://evil.example/x'>x",
    "<img srcset='https://evil.example/x 1x' src='https://pics.example/x.png'>",
    "<picture><source srcset='https://evil.example/x'><img src='https://pics.example/x'></picture>",
    "<video poster='https://evil.example/x' src='https://evil.example/x'></video>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<body onload=alert(1) background='https://evil.example/x'>x</body>",
    "<details open ontoggle=alert(1)>x</details>",
    "<a href='https://good.example' target=_self ping='https://evil.example' rel=opener>x</a>",
    "<p title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>x</p>",
    "<!--[if gte mso 9]><img src=x onerror=alert(1)><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p\x00 onclick\x00=alert(1)>x</p>",
    "<xml:namespace><o:p onclick=alert(1)>x</o:p>",
    "<plaintext><script>alert(1)</script>",
    "<select><style></select><script>alert(1)</script></style></select>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<img src='https://pics.example/&quot; onerror=&quot;alert(1)'>",
    "<frameset><frame src='javascript:alert(1)'></frameset>",
]
ALLOWED_TAG = re.compile(r"</?[a-z][a-z0-9]*(?: [a-z-]+=\"[^\"]*\")*>")
FORBIDDEN_TAGS = re.compile(
    r"<(?:script|style|svg|math|form|input|button|meta|base|link|i?frame|frameset|object|embed"
    r"|template|noscript|video|audio|source|textarea|select|title|details)\b"
)


def values_of(html: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<[a-z][^>]*>", html):
        for name, value in re.findall(r' ([a-z-]+)="([^"]*)"', tag):
            found.setdefault(name, []).append(value)
    return found


def assert_harmless(html: str) -> None:
    """Every tag is whole and known, and no attribute runs or loads anything."""
    assert "<" not in ALLOWED_TAG.sub("", html)
    assert not FORBIDDEN_TAGS.search(html)
    values = values_of(html)
    for name in values:
        assert not name.startswith("on")
    assert not values.keys() & {"src", "srcset", "id", "name", "background", "poster", "ping"}
    for address in values.get("href", []):
        assert re.match(r"\s*(?:https?:|mailto:)", address, re.IGNORECASE)
    for style in values.get("style", []):
        assert not re.search(r"url\(|image-set|position|binding|behavior|@import", style)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_nothing_that_runs_or_loads(attack: str) -> None:
    assert_harmless(sanitise(attack).html)
    assert_harmless(sanitise(f"<div><p>{attack}</p><table><tr><td>{attack}").html)


FRAGMENTS = st.sampled_from(
    [*ATTACKS, "<div>", "</div>", "<table>", "<td>", "</table>", "<b>", "</p>", "'", '"', "<", ">",
     "<!--", "-->", "<pre>", "&lt;", "&#x3c;", " style='", " href=", "text", "<a ", "<img "]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(FRAGMENTS, max_size=12).map("".join))
def test_no_mixture_of_attacks_gets_through(html: str) -> None:
    assert_harmless(sanitise(html).html)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_gets_through_as_anything_else(html: str) -> None:
    assert_harmless(sanitise(html).html)


def test_a_link_opens_apart_and_tells_nobody() -> None:
    assert sanitise("<a href='https://a.example/?b=1&c=2'>x</a>").html == (
        '<a href="https://a.example/?b=1&amp;c=2" target="_blank"'
        ' rel="noopener noreferrer nofollow">x</a>'
    )


def test_a_remote_picture_is_counted_and_waits() -> None:
    safe = sanitise("<img src='https://pics.example/a.png' alt='A' width=100>")
    assert (safe.remote_images, safe.tracking_pixels) == (1, 0)
    assert 'data-remote-src="https://pics.example/a.png"' in safe.html


@pytest.mark.parametrize(
    "attributes",
    [
        "width=1 height=1",
        "width='1px' height='1px'",
        "width=0 height=0",
        "width=1",
        "style='width:1px;height:1px'",
        "style='display:none'",
        "style='visibility: hidden' width=50",
        "width=300 height=300 style='width:1px !important;height:1px'",
    ],
)
def test_a_tracking_pixel_is_counted_and_gone(attributes: str) -> None:
    safe = sanitise(f"<p>Hi<img src='https://t.example/o.gif' {attributes}></p>")
    assert (safe.html, safe.remote_images, safe.tracking_pixels) == ("<p>Hi</p>", 0, 1)


def test_a_thin_rule_is_a_picture_and_no_pixel() -> None:
    assert sanitise("<img src='https://a.example/r.gif' width=600 height=1>").remote_images == 1


def test_an_inline_picture_keeps_the_name_of_its_part() -> None:
    assert sanitise('<img src="cid:logo@x" alt="L">').html == '<img alt="L" data-cid="logo@x">'


def test_pictures_get_the_addresses_that_the_page_gives_them() -> None:
    html = sanitise("<img src='cid:a&b'><img src='cid:c'><img src='https://p.example/?x=1&y=2'>")
    shown = with_pictures(
        html.html, inline={"a&b": "/a/1?s=1&t=2"}, remote=lambda url: f"/proxy?u={len(url)}"
    )
    assert shown == ('<img src="/a/1?s=1&amp;t=2"><img data-cid="c"><img src="/proxy?u=26">')
    assert "p.example" in with_pictures(html.html, inline={})
    assert ' src="' not in with_pictures(html.html, inline={})


def test_a_background_keeps_its_colour_and_loses_its_picture() -> None:
    html = sanitise("<td style='x'><p style='background:#fff url(https://a.example/b) no-repeat'>")
    assert 'style="background-color:#fff"' in html.html


def test_code_shown_as_text_is_not_touched() -> None:
    written = '<p>&lt;img src="https://a.example/x"&gt; background:url(x)</p>'
    assert sanitise(written).html == written.replace('"', '"')


def test_depth_is_bounded_and_the_text_survives() -> None:
    safe = sanitise("<div>" * 5_000 + "Deep &amp; <b>far</b>")
    assert safe.too_deep
    assert "Deep &amp;" in safe.html
    assert_harmless(safe.html)


def test_long_flat_mail_is_not_deep() -> None:
    assert not is_too_deep("<p>" * 5_000 + "<div></div>" * 5_000 + "<br/><li>" * 5_000)
    assert not is_too_deep("<table><tr><td>x</table>" * 1_000)


def test_closing_tags_of_nothing_hide_no_depth() -> None:
    assert is_too_deep("<div></span>" * 300)


def test_what_is_shown_is_cut_at_a_million_characters_outside_tags() -> None:
    for html in ("&amp;" * 250_000, "<p>" * 400_000, "<p>a</p>" * 150_000, "a" * 1_200_000):
        cut = bounded(html)
        assert MAX_HTML - 20 <= len(cut) <= MAX_HTML
        assert html.startswith(cut)
        assert cut[-1] in "a;>"


TEXTS = {
    "<div>a</div><div>b</div>": "a\nb",
    "<p>a</p><p>b</p>": "a\n\nb",
    "a<br>b<br><br>c": "a\nb\n\nc",
    "<div>a<br></div><div><br></div><div>b</div>": "a\n\nb",
    "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>": "a b\nc",
    "a \n  b": "a b",
    "<pre>a\n  b</pre>": "a\n  b",
    "a &lt;b&gt; &amp;amp; c&nbsp;d": "a <b> &amp; c d",
    "": "",
}


@pytest.mark.parametrize("html", TEXTS)
def test_html_reads_as_the_lines_that_a_person_sees(html: str) -> None:
    assert plain_text(html) == TEXTS[html]
