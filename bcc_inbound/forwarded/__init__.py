"""Reads whom and what a forwarded mail is from (B4). Pure: text and bytes in, values out.

A mail program that forwards inline writes a marker or a rule, and below it a small header of
label: value lines in its user's language. Languages, markers and subjects are tables. What is not
clear is not named: a wrong address shown as a fact is worse than none.
"""

from bcc_inbound.forwarded.reading import read_forward

__all__ = ["read_forward"]
