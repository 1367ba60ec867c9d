"""The HTML side of a plain letter: its paragraphs, its quotes and its links, and nothing else."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape

DEEPEST = 8

_LINK = re.compile(r"https?://[^\s<>\"']{1,500}[^\s<>\"'.,;:!?)\]]")
_BAR = "margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex"


def html_of(text: str) -> str:
    """A page whose words are those of the text; lines that begin with > are shown as quotes."""
    lines = text.replace("\r\n", "\n").split("\n")
    return f'<!doctype html><html><body dir="auto">{"".join(_blocks(lines, 0))}</body></html>'


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    for is_quote, some in groupby(lines, key=lambda line: line.startswith(">")):
        block = list(some)
        if is_quote and depth < DEEPEST:
            inner = [line[2:] if line.startswith("> ") else line[1:] for line in block]
            yield f'<blockquote style="{_BAR}">{"".join(_blocks(inner, depth + 1))}</blockquote>'
        else:
            yield f"<div>{'<br>'.join(map(_line, block))}</div>"


def _line(line: str) -> str:
    shown, at = [], 0
    for link in _LINK.finditer(line):
        url = escape(link.group())
        shown += [escape(line[at : link.start()]), f'<a href="{url}">{url}</a>']
        at = link.end()
    shown.append(escape(line[at:]))
    return "".join(shown).replace("  ", " &nbsp;")
