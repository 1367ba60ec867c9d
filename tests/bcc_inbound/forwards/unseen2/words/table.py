"""A table of words, one language a line."""

import re

Table = dict[str, tuple[str, ...]]


def table(lines: str) -> Table:
    """Read lines of "code | word | word"; a line that begins with a bar goes on with the last one.

    A hard blank in a word stays.
    """
    whole = re.sub(r"\n *\|", " |", lines)
    rows = [[cell.strip(" ") for cell in line.split("|")] for line in whole.splitlines()]
    return {code: tuple(words) for code, *words in rows if words}
