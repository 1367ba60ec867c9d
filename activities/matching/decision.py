"""What the engine says of one copy, and its form in JSON."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from activities.matching.facts import Past
from activities.matching.words import Id, Kind, Outcome, Source, State

# The small values are named tuples and not dataclasses: they are equally immutable, and making
# one costs a third of a frozen dataclass, which counts at tens of thousands of decisions a second.


class Recorded(NamedTuple):
    """One assignment that this copy earns.

    With a contact: on its profile in the project (`creates_profile`: which has to be made first).
    Without a contact: `creates_contact` makes one for the address, at the company and with the
    profile; otherwise the company alone is the target. `refines` says that it takes the place of
    the company-alone assignment that the message has in this project for this address.
    """

    address: str
    project_id: Id
    contact_id: Id | None
    company_id: Id | None
    creates_contact: bool
    creates_profile: bool
    interaction_type: str
    rule: str
    refines: bool = False


class Ambiguous(NamedTuple):
    """A participant who waits in Needs project, and the projects to choose from, in scope order."""

    address: str
    contact_id: Id | None
    company_id: Id | None
    candidates: tuple[Id, ...]


class Taken(NamedTuple):
    """What one address was taken for.

    `by` says through what: the domain that matched, the address without its +tag, or why it is
    internal. `entry_id` is the entry that hit it. An internal participant has a `contact_id` where
    the address stands on a contact.
    """

    address: str
    kind: Kind
    by: str = ""
    contact_id: Id | None = None
    company_id: Id | None = None
    entry_id: Id | None = None


class Step(NamedTuple):
    """One step that the engine ran: `code` names its sentence, `args` fill it in."""

    rule: str
    state: State
    code: str
    args: tuple[Id, ...] = ()


class Decision(NamedTuple):
    """Outcome of one copy.

    `rule` is the headline. `recorded` holds what this copy newly earns, `kept` what it had earned
    before and keeps. `entry_id` is the entry that hit, `banner` the code of the notice that the
    kept message carries ("" for none): ignored, blocked, erased, too_large, unparseable,
    too_many_addresses.
    """

    source: Source
    outcome: Outcome
    rule: str
    recorded: tuple[Recorded, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    participants: tuple[Taken, ...] = ()
    steps: tuple[Step, ...] = ()
    kept: tuple[Past, ...] = ()
    entry_id: Id | None = None
    banner: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values only: ids become strings, empty parts are left out."""
        data: dict[str, Any] = {
            "source": self.source.value,
            "outcome": self.outcome.value,
            "rule": self.rule,
        }
        if self.entry_id is not None:
            data["entry_id"] = str(self.entry_id)
        if self.banner:
            data["banner"] = self.banner
        for name, rows in (
            ("recorded", self.recorded),
            ("ambiguous", self.ambiguous),
            ("participants", self.participants),
            ("kept", self.kept),
        ):
            if rows:
                data[name] = [_row_to_json(row) for row in rows]
        if self.steps:
            data["steps"] = [_step_to_json(step) for step in self.steps]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], parse_id: Callable[[str], Id] = str) -> "Decision":
        """Read back what to_json wrote; `parse_id` makes an id of its text."""

        def rows(name: str) -> list[dict[str, Any]]:
            return [_row_from_json(row, parse_id) for row in data.get(name, ())]

        return cls(
            source=Source(data["source"]),
            outcome=Outcome(data["outcome"]),
            rule=data["rule"],
            recorded=tuple(_NOTHING_RECORDED._replace(**row) for row in rows("recorded")),
            ambiguous=tuple(_NOBODY_WAITS._replace(**row) for row in rows("ambiguous")),
            participants=tuple(_NOBODY._replace(**row) for row in rows("participants")),
            steps=tuple(_step_from_json(step) for step in data.get("steps", ())),
            kept=tuple(_NOTHING_KEPT._replace(**row) for row in rows("kept")),
            entry_id=parse_id(data["entry_id"]) if "entry_id" in data else None,
            banner=data.get("banner", ""),
        )


# What a row says where its JSON says nothing.
_NOTHING_RECORDED = Recorded("", None, None, None, False, False, "", "")
_NOBODY_WAITS = Ambiguous("", None, None, ())
_NOBODY = Taken("", Kind.UNKNOWN)
_NOTHING_KEPT = Past("", None, here=False)
_IDS = frozenset({"project_id", "contact_id", "company_id", "entry_id"})


def _row_to_json(row: NamedTuple) -> dict[str, Any]:
    """A row by the names of its fields; what is empty or false goes without saying."""
    data: dict[str, Any] = {}
    for name, value in zip(row._fields, row, strict=True):
        if not value:
            continue
        if isinstance(value, tuple):
            data[name] = [str(item) for item in value]
        else:
            data[name] = str(value) if name in _IDS else value
    return data


def _step_to_json(step: Step) -> dict[str, Any] | str:
    """A step that was passed is two words: every decision carries a dozen of them."""
    if step.state is State.PASSED and not step.args:
        return f"{step.rule} {step.code}"
    return _row_to_json(step)


def _step_from_json(data: Mapping[str, Any] | str) -> Step:
    if isinstance(data, str):
        rule, _, code = data.partition(" ")
        return Step(rule, State.PASSED, code)
    return Step(data["rule"], State(data["state"]), data["code"], tuple(data.get("args", ())))


def _row_from_json(row: Mapping[str, Any], parse_id: Callable[[str], Id]) -> dict[str, Any]:
    data = {name: parse_id(value) if name in _IDS else value for name, value in row.items()}
    if "candidates" in data:
        data["candidates"] = tuple(parse_id(item) for item in row["candidates"])
    if "kind" in data:
        data["kind"] = Kind(row["kind"])
    return data
