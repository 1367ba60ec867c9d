"""The words for why a mail is held, and what that allows an admin to see of it (B2)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.matching.words import HeldBecause

_HEADLINES: dict[str, str | Promise] = {
    HeldBecause.NO_SENDER: _("The mail names no sender whose address can be read."),
    HeldBecause.SEVERAL_SENDERS: _("The mail names more than one sender."),
    HeldBecause.NOT_A_MEMBER: _("The sender is no member of this workspace."),
    HeldBecause.MAY_NOT_WRITE: _("The sender has left, or has a role that may only read."),
    HeldBecause.NOT_AUTHENTICATED: _(
        "The mail names a member as its sender, but nothing proves that it came from them."
    ),
    HeldBecause.LOOP: _(
        "A machine wrote it by itself, or passed it on again and again. It may go in a circle."
    ),
    HeldBecause.TOO_MANY: _(
        "More mail came within an hour, from this sender or to this address, than is taken unseen."
    ),
}
_HELP: dict[str, str | Promise] = {
    HeldBecause.NOT_A_MEMBER: _(
        "If this is a colleague's other address, ask them to add it in their profile. Otherwise"
        " trust the sender, or release this one mail."
    ),
    HeldBecause.MAY_NOT_WRITE: _(
        "Give the member a role that may write, and their next mail is accepted."
    ),
    HeldBecause.NOT_AUTHENTICATED: _("Ask the member whether they sent it before you release it."),
    HeldBecause.LOOP: _("Look for a rule in a mailbox that forwards everything to this address."),
    HeldBecause.TOO_MANY: _(
        "Release what was meant. If this goes on, change the address, or ask your operator about"
        " the limits."
    ),
}


def headline(verdict: str) -> str | Promise:
    """Why the mail is held, in a sentence."""
    return _HEADLINES.get(verdict, _("The sender could not be verified."))


def what_helps(verdict: str) -> str | Promise:
    """What to do so that the next one is not held; empty where nothing general helps."""
    return _HELP.get(verdict, "")


def content_is_open(verdict: str) -> bool:
    """Whether admins may read the mail before it is released: only where it is surely an
    outsider's. What may be a member's own is theirs until somebody releases it."""
    return verdict == HeldBecause.NOT_A_MEMBER


def may_trust(verdict: str) -> bool:
    """Whether trusting the sender from now on makes sense."""
    return verdict == HeldBecause.NOT_A_MEMBER
