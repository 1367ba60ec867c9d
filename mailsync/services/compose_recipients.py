"""Who a mail goes to, as typed: names and addresses that a header can carry, or what is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.mail.address_list import split_addresses
from activities.mail.message import storable
from activities.mail.words import without_direction
from contacts.addresses import domain_of, normalise_address
from mailsync.problems import MailboxProblem

MOST_RECIPIENTS = 500
MOST_TYPED = 60_000
FIELDS = ("to", "cc", "bcc")

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_SPECIAL = re.compile(r"[,;:<>()@\[\].]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee: the address has its domain in ASCII, the name may be empty."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form in which addresses are compared."""
        return normalise_address(self.address) or self.address

    def __str__(self) -> str:
        plain = re.sub(r'["\\]', "", self.name)
        if not plain:
            return self.address
        return (
            f'"{plain}" <{self.address}>' if _SPECIAL.search(plain) else f"{plain} <{self.address}>"
        )


def read_recipients(text: str, *, field: str) -> tuple[Recipient, ...]:
    """Read what was typed into a field: addresses between commas, semicolons or line ends.

    Each address counts once. Raises MailboxProblem for the field, naming what is no address.
    """
    if len(text) > MOST_TYPED:
        raise MailboxProblem(_("These are more addresses than one mail may have."), field=field)
    found: dict[str, Recipient] = {}
    for name, typed in split_addresses(re.sub(r"[\r\n]+", ",", storable(text))):
        one = _recipient(name, typed, field)
        found.setdefault(one.key, one)
    return tuple(found.values())


def read_all(typed: Mapping[str, str]) -> dict[str, tuple[Recipient, ...]]:
    """The addressees of `to`, `cc` and `bcc`; who stands in one of them is left out of the next.

    Raises MailboxProblem where there is nobody, or more than a mail may have.
    """
    seen: set[str] = set()
    found: dict[str, tuple[Recipient, ...]] = {}
    for field in FIELDS:
        some = read_recipients(typed.get(field, ""), field=field)
        found[field] = tuple(one for one in some if one.key not in seen)
        seen.update(one.key for one in some)
    if not seen:
        raise MailboxProblem(_("Say who the mail goes to."), field="to")
    if len(seen) > MOST_RECIPIENTS:
        raise MailboxProblem(
            _("A mail goes to at most %(most)s addresses; these are %(count)s.")
            % {"most": MOST_RECIPIENTS, "count": len(seen)},
            field="to",
        )
    return found


def as_typed(people: Sequence[Recipient]) -> str:
    """The addressees as they stand in a field."""
    return ", ".join(str(one) for one in people)


def clean_line(text: str) -> str:
    """One line that a header can carry: without line ends, control and direction characters."""
    return _CONTROL.sub(" ", without_direction(storable(text))).strip()


def _recipient(name: str, typed: str, field: str) -> Recipient:
    normal = normalise_address(typed)
    local = typed.strip().rpartition("@")[0]
    if normal is None or not _LOCAL.match(local):
        shown = clean_line(typed or name)[:80]
        raise MailboxProblem(
            _("“%(typed)s” is not an address that mail can be sent to. Write jane@acme.example.")
            % {"typed": shown},
            field=field,
        )
    return Recipient(f"{local}@{domain_of(normal)}", clean_line(name)[:200])
