"""What can be wrong with an act on a mailbox, as sentences that a person reads."""


class MailboxProblem(Exception):
    """An act that was refused; nothing was changed.

    `sentence` says what happened and what to do, `field` names the part of the form it belongs to.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotThere(MailboxProblem):
    """The mailbox is absent, or not this member's."""
