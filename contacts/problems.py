"""What can be wrong with a change of the directory, as sentences that a person reads."""

import uuid


class DirectoryProblem(Exception):
    """A change that was refused; str() says what happened and what to do.

    `field` names the part of the form that the sentence belongs to, if any.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotThere(DirectoryProblem):
    """The row is absent, or belongs to a workspace or project that the asker cannot see."""


class DomainTaken(DirectoryProblem):
    """Another company has the domain; adding it all the same shares it among them."""


class AddressTaken(DirectoryProblem):
    """Another contact has the address."""

    def __init__(self, sentence: str, *, field: str, contact_id: uuid.UUID) -> None:
        super().__init__(sentence, field=field)
        self.contact_id = contact_id


class AddressErased(DirectoryProblem):
    """The address was erased on request; only a person who is told so may bring it back (V4)."""
