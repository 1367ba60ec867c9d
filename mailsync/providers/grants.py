"""How a member lets us in at a vendor, in house words; one module a vendor implements `Consent`.

A *grant* is what the vendor gives for one mailbox. Its `secret` is bytes that only the vendor's own
module reads (serialised tokens); everybody else keeps it sealed.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """What came back from the vendor. `account_id` stays the same for as long as the account does;
    `can_send` says that the right to send was given as well."""

    secret: bytes = field(repr=False)
    account_id: str
    address: str
    name: str = ""
    can_send: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A trip to the vendor's sign-in: where to send the browser, and what to keep until it is back
    (code verifier, nonce). `kept` is secret and single use."""

    url: str
    kept: bytes = field(repr=False)


class ConsentRefused(Exception):
    """The visit ended without a usable grant; `sentence` is for the member.

    `unused` is a grant that came all the same and is of no use to us: it is to be given back, as
    long as nothing else lives on the same account's grants.
    """

    def __init__(self, sentence: str, *, unused: Grant | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.unused = unused


class Consent(Protocol):
    """One vendor's sign-in. Its methods talk to the vendor, so never inside a transaction."""

    def is_configured(self) -> bool:
        """Whether the operator registered an app with this vendor."""
        ...

    def begin(
        self, *, redirect_uri: str, state: str, send: bool, hint: str = "", again: bool = False
    ) -> Visit:
        """Start a visit. `send` asks for the right to send too, `hint` is the expected address,
        `again` says that an earlier grant is being replaced."""
        ...

    def finish(self, *, kept: bytes, answer: Mapping[str, str], redirect_uri: str) -> Grant:
        """Trade what the browser came back with for a grant; raises ConsentRefused with a sentence
        (refused, partial, expired), or a ProviderError where the vendor could not be asked."""
        ...

    def revoke(self, secret: bytes) -> None:
        """Give the grant back to the vendor; one that is dead already is no error."""
        ...


class Tokens(Protocol):
    """One mailbox's secret, shared by every worker that uses it."""

    def load(self) -> bytes:
        """The secret as it stands now; raises AuthorizationLost where there is none."""
        ...

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        """The secret that follows `stale`. Where another worker has replaced it already, theirs is
        returned and nobody asks; otherwise `ask(current)` talks to the vendor, one worker at a
        time and outside any transaction, and what it returns is kept. What `ask` raises passes."""
        ...


class Budget(Protocol):
    """What a mailbox may still ask of its provider, in the provider's own units."""

    def spend(self, units: float) -> None:
        """Take the units, or raise Throttled with the seconds until they are there again."""
        ...

    def call(self) -> AbstractContextManager[None]:
        """One call under way: enters when fewer than the provider's limit are, across all workers;
        raises Throttled where no place gets free soon."""
        ...


class Unlimited:
    """A budget that never ends, for a sign-in that is only being tried and for tests."""

    def spend(self, units: float) -> None:
        """Nothing is counted."""

    def call(self) -> AbstractContextManager[None]:
        """Nobody waits."""
        return nullcontext()
