"""Any HTML to HTML that runs nothing and loads nothing by itself. Pure.

A linear scan bounds the depth first: the sanitiser takes quadratic time on deep trees, in native
code that nothing but the end of the process interrupts. Then nh3 builds and writes the tree. What
it writes is regular (every attribute quoted, every < and > in text and values escaped), so that
the last step, which takes the addresses out of pictures, may work on single tags.
"""

import html as entities
import re
from collections import Counter
from dataclasses import dataclass

import nh3

from activities.mail.message import storable

MAX_HTML = 1_000_000
MAX_DEPTH = 250

_TAGS = {
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote",
    "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl",
    "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "rp",
    "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_WITHOUT_CONTENT = {
    "script", "style", "title", "svg", "math", "template", "noscript", "iframe", "frame",
    "frameset", "object", "embed", "applet", "audio", "video", "canvas", "select", "textarea",
    "xml", "head",
}  # fmt: skip
_CELL = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap"}
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "table": {"border", "cellpadding", "cellspacing", "width", "height", "bgcolor"},
    "tr": {"valign", "bgcolor", "height"},
    "td": _CELL,
    "th": _CELL,
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
    "hr": {"width", "size", "color"},
    "br": {"clear"},
    "blockquote": {"type"},
}
# Only those by which mail programs mark a quote; everything else named is a lever for styles.
_CLASSES = {
    "div": {
        "gmail_quote", "gmail_quote_container", "gmail_attr", "yahoo_quoted", "protonmail_quote",
        "moz-cite-prefix", "zmail_extra", "moz-forward-container", "tutanota_quote",
    },
    "blockquote": {"gmail_quote", "protonmail_quote", "tutanota_quote"},
}  # fmt: skip
# None of these can name an address, except `background`, which is reduced to its colour below.
_STYLES = {
    "background", "background-color", "border", "border-bottom", "border-bottom-color",
    "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-left",
    "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right",
    "border-right-color", "border-right-style", "border-right-width", "border-spacing",
    "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width",
    "border-width", "clear", "color", "direction", "display", "float", "font", "font-family",
    "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right",
    "margin-top", "max-height", "max-width", "min-height", "min-width", "opacity", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align",
    "text-decoration", "text-indent", "text-transform", "unicode-bidi", "vertical-align",
    "visibility", "white-space", "width", "word-break", "word-spacing", "word-wrap",
}  # fmt: skip

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_WITHOUT_CONTENT,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    filter_style_properties=_STYLES,
    url_schemes={"http", "https", "mailto", "cid"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    strip_comments=True,
)

# Tags that hold nothing, or that the next of their kind closes: they add no depth of their own.
_FLAT = frozenset({
    "br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track",
    "wbr", "param", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option",
    "optgroup", "colgroup", "html", "head", "body",
})  # fmt: skip
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
_CRUDE_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>?")
_CONTROL = [chr(code) for code in (*range(9), 11, *range(14, 32), 127)]
_IMAGE = re.compile(r"<img[^>]*+>")
_ATTRIBUTE = re.compile(r' ([a-z-]++)="([^"]*+)"')
_LINK_TO_PART = re.compile(r'(<a\b[^>]*?) href="\s*cid:[^"]*+"', re.IGNORECASE)
_STYLED = re.compile(r"<[a-z][^>]*(?:background:|url\()[^>]*+>")
_STYLE = re.compile(r' style="([^"]*+)"')
_DECLARATION = re.compile(r"([a-z-]++):((?:[^;&]|&[a-zA-Z0-9#]++;)*+)")
_ADDRESS_IN_STYLE = re.compile(r"url\([^)]*+\)")
_COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|rgba?\([0-9., %]{5,40}\)|\b(?:transparent|white|black|gr[ae]y|silver|red"
    r"|green|blue|yellow|orange|navy|teal|maroon|purple|lightgr[ae]y|whitesmoke|gainsboro|snow"
    r"|ivory|beige|aliceblue|ghostwhite|lightyellow|lightblue|pink|gold)\b"
)
_LENGTH = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*\Z")
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0+)?(?:;|\Z)")
_SIDE = {
    side: re.compile(rf"(?:\A|;)\s*{side}:\s*(\d{{1,5}})(?:px)?\s*(?:!\s*important)?\s*(?:;|\Z)")
    for side in ("width", "height")
}


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML for a frame of its own, and what was found in it."""

    html: str
    remote_images: int = 0
    tracking_pixels: int = 0
    too_deep: bool = False


def sanitise(html: str) -> SafeHtml:
    """Return what may be shown. HTML nested beyond the limit comes back as its bare text."""
    html = storable(html)
    if is_too_deep(html):
        text = entities.escape(entities.unescape(_CRUDE_TAG.sub(" ", html)))
        return SafeHtml(f'<div style="white-space:pre-wrap">{text}</div>', too_deep=True)
    clean = _without_controls(_CLEANER.clean(html))
    pictures = _Pictures()
    clean = _IMAGE.sub(pictures.rewrite, clean)
    clean = _LINK_TO_PART.sub(r"\1", clean)
    if "background:" in clean or "url(" in clean:
        clean = _STYLED.sub(_without_addresses, clean)
    return SafeHtml(clean, pictures.remote, pictures.pixels)


def bounded(html: str) -> str:
    """Sanitised HTML of at most a million characters, cut outside tags and entities."""
    if len(html) <= MAX_HTML:
        return html
    tag = html.rfind("<", 0, MAX_HTML)
    if tag >= 0 and html.find(">", tag) >= MAX_HTML:
        return html[:tag]
    entity = html.rfind("&", MAX_HTML - 10, MAX_HTML)
    return html[: entity if entity >= 0 else MAX_HTML]


def is_too_deep(html: str) -> bool:
    """Tell in one linear pass whether more than 250 elements may be open at once.

    A closing tag counts only where such an element is open, so that stray ones hide nothing.
    """
    if html.count("<") - html.count("</") <= MAX_DEPTH:
        # Most mail has no more tags than that, and counting them is a hundred times faster.
        return False
    depth = 0
    unclosed: Counter[str] = Counter()
    for match in _TAG_NAME.finditer(html):
        tag = match[2].lower()
        if tag in _FLAT:
            continue
        if not match[1]:
            unclosed[tag] += 1
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif unclosed[tag] > 0:
            unclosed[tag] -= 1
            depth -= 1
    return False


def _without_controls(html: str) -> str:
    """Entities may have stood for control characters; looking for each is fastest."""
    for control in _CONTROL:
        if control in html:
            html = html.replace(control, "")
    return html


class _Pictures:
    """Takes the address out of every picture and counts what it was."""

    def __init__(self) -> None:
        self.remote = 0
        self.pixels = 0

    def rewrite(self, match: "re.Match[str]") -> str:
        attributes = dict(_ATTRIBUTE.findall(match[0]))
        source = attributes.pop("src", "").strip()
        scheme = source[:6].lower()
        if scheme.startswith("cid:"):
            attributes["data-cid"] = source[4:]
        elif scheme.startswith("http"):
            if _is_pixel(attributes):
                self.pixels += 1
                return ""
            self.remote += 1
            attributes["data-remote-src"] = source
        return "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"


def _is_pixel(attributes: dict[str, str]) -> bool:
    """A picture that nobody is meant to see: one dot, or hidden. A rule of 600 x 1 is none."""
    style = attributes.get("style", "")
    if _HIDDEN.search(style):
        return True
    sides = []
    for side, in_style in _SIDE.items():
        found = in_style.search(style) or _LENGTH.match(attributes.get(side, ""))
        if found:
            sides.append(int(found[1]))
    return bool(sides) and max(sides) <= 1


def _without_addresses(match: "re.Match[str]") -> str:
    return _STYLE.sub(lambda style: f' style="{_plain_style(style[1])}"', match[0])


def _plain_style(style: str) -> str:
    """The declarations that name no address; of a `background` only its colour."""
    kept: list[str] = []
    for name, value in _DECLARATION.findall(style):
        if name == "background":
            colour = _COLOUR.search(_ADDRESS_IN_STYLE.sub(" ", value))
            if colour:
                kept.append(f"background-color:{colour[0]}")
        elif "url(" not in value:
            kept.append(f"{name}:{value}")
    return ";".join(kept)
