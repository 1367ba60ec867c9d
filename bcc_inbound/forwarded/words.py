"""The value of a row in the tables of labels. Pure."""

from typing import NamedTuple


class Words(NamedTuple):
    """The labels of one language, separated by bars; `other` are known and of no use to us."""

    from_: str
    to: str
    cc: str
    date: str
    subject: str
    other: str = ""
