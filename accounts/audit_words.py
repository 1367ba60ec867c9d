"""The facts of an audit row in words: what a person reads instead of ids and raw values."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

EMPTY: tuple[object, ...] = (None, "", [], {})


def in_words(facts: Mapping[str, Any] | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each fact with its label and its text. `names` are names by id, as far as they are known.

    What is empty is left out, and so is one id without a name: it says nothing to a reader.
    """
    found = []
    for key, value in (facts or {}).items():
        text = "" if value in EMPTY else _text(value, names)
        if text:
            label = key.removesuffix("_ids").removesuffix("_id").replace("_", " ")
            found.append((label, text))
    return found


def _text(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{label} {text}" for label, text in in_words(value, names))
    if isinstance(value, list):
        return _listed(value, names)
    text = str(value)
    if text in ("True", "False"):
        return _("yes") if text == "True" else _("no")
    return names.get(text, "") if _is_id(text) else text


def _listed(values: list[object], names: Mapping[str, str]) -> str:
    texts = [_text(one, names) for one in values]
    unnamed = texts.count("")
    return ", ".join([*filter(None, texts), *_more(unnamed, alone=unnamed == len(texts))])


def _more(count: int, *, alone: bool) -> Iterator[str]:
    # How many there were is worth reading even where nobody knows their names any more.
    if count:
        yield str(count) if alone else _("%(count)s more") % {"count": count}


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
