"""Sanitised HTML to the text that a person reads in it. Pure.

Works on what `sanitise` writes and on nothing else: there every tag is whole and every < in text
is escaped, so that a tag is what stands between < and >.
"""

import html as entities
import re

_PRE = re.compile(r"(<pre\b[^>]*+>.*?</pre>)", re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BREAK = re.compile(r"<(?:br|hr)\b[^>]*+>")
_PARAGRAPH = re.compile(r"</?(?:p|h[1-6]|blockquote|table|ul|ol|pre|dl|figure)\b[^>]*+>")
_LINE = re.compile(
    r"</?(?:div|tr|li|dt|dd|address|article|aside|center|caption|figcaption|footer|header|main"
    r"|section|tbody|thead|tfoot)\b[^>]*+>"
)
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^>]*+>")
# \x01 ends a line, \x02 ends a paragraph, \x03 is a blank that stays as it is; none of them
# survives the sanitiser, so they are free.
_LINE_ENDS = re.compile("\x01+")
_WIDE = re.compile("  +")
_GAPS = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """Return the text with a line for each block and a blank line between paragraphs."""
    if "<pre" in html:
        chunks = _PRE.split(html)
        html = "".join(
            chunk.replace(" ", "\x03") if index % 2 else _BLANKS.sub(" ", chunk)
            for index, chunk in enumerate(chunks)
        )
    else:
        html = _BLANKS.sub(" ", html)
    text = _BREAK.sub("\n", html)
    text = _PARAGRAPH.sub("\x02", text)
    text = _LINE.sub("\x01", text)
    text = _TAG.sub("", _CELL.sub(" ", text))
    text = _WIDE.sub(" ", text)
    for mark in "\n\x01\x02":
        text = text.replace(f" {mark}", mark).replace(f"{mark} ", mark)
    paragraphs = (part.lstrip("\x01").rstrip("\x01\n") for part in text.split("\x02"))
    text = _LINE_ENDS.sub("\x01", "\n\n".join(part for part in paragraphs if part))
    # A line break at the end of a block is the end of that block.
    text = text.replace("\n\x01", "\n").replace("\x01", "\n")
    if "&" in text:
        text = entities.unescape(text).replace("\xa0", " ")
    return _GAPS.sub("\n\n", text).strip().replace("\x03", " ")
