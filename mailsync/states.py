"""What a mailbox is doing, in a plain sentence for its owner, and what to press."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mailsync.models import Mailbox

State = Mailbox.State
_TONES = {
    State.LIVE: "ok",
    State.NEEDS_RECONNECT: "bad",
    State.THROTTLED: "warn",
    State.PAUSED: "warn",
    State.SETTING_UP: "warn",
}
_ICONS = {
    State.LIVE: "circle-check",
    State.NEEDS_RECONNECT: "unplug",
    State.THROTTLED: "hourglass",
    State.PAUSED: "pause",
    State.SETTING_UP: "circle-dashed",
}
_PRESSED = {
    State.NEEDS_RECONNECT: "reconnect",
    State.PAUSED: "resume",
    State.SETTING_UP: "setup",
}


@dataclass(frozen=True, slots=True)
class Told:
    """How a mailbox's state is shown. `press` names the act that helps: reconnect, resume,
    setup or ""."""

    label: str
    sentence: str
    tone: str
    icon: str
    since: datetime
    press: str
    moving: bool


def tell_state(mailbox: Mailbox) -> Told:
    """The state of a mailbox in words. A row that was just saved is read again first."""
    if mailbox.provider == Mailbox.Provider.FILE:
        sentence = _("Holds mail that was imported from files. Nothing is read by itself.")
        label, tone, icon = _("Files"), "", "file-text"
        return Told(label, sentence, tone, icon, mailbox.state_since, "", moving=False)
    failing = mailbox.failures > 0 and mailbox.state not in _TONES.keys() - {State.LIVE}
    state = State(mailbox.state)
    return Told(
        label=_("Trying again") if failing else str(_labels()[state]),
        sentence=mailbox.state_detail or _sentences()[state],
        tone="warn" if failing else _TONES.get(state, "thread"),
        icon="clock" if failing else _ICONS.get(state, "refresh-cw"),
        since=mailbox.state_since,
        press=_PRESSED.get(state, ""),
        moving=state in {State.CONNECTING, State.BACKFILLING, State.RESYNCING},
    )


def _labels() -> dict[State, str]:
    return {
        State.SETTING_UP: _("Being set up"),
        State.CONNECTING: _("Waiting"),
        State.BACKFILLING: _("Reading past mail"),
        State.LIVE: _("Up to date"),
        State.RESYNCING: _("Checking"),
        State.THROTTLED: _("Slowed down"),
        State.NEEDS_RECONNECT: _("Needs reconnecting"),
        State.PAUSED: _("Paused"),
        State.DISCONNECTED: _("Disconnected"),
    }


def _sentences() -> dict[State, str]:
    return {
        State.SETTING_UP: _("Choose folders and projects; then reading starts."),
        State.CONNECTING: _("Reading starts in a moment."),
        State.BACKFILLING: _("Past mail is being read, the newest first. You can leave this page."),
        State.LIVE: _("New mail is read as it comes."),
        State.RESYNCING: _("Threadwell checks what it may have missed."),
        State.THROTTLED: _("The mail server asked us to slow down. Reading goes on by itself."),
        State.NEEDS_RECONNECT: _("The mail server no longer lets Threadwell in."),
        State.PAUSED: _("Nothing is read until you resume it."),
        State.DISCONNECTED: _("This mailbox is no longer connected."),
    }
