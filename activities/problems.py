"""What can be wrong with an act on the record, as sentences that a person reads."""


class RecordProblem(Exception):
    """An act that was refused; nothing was changed.

    `sentence` says what happened and what to do, `field` names the part of the form it belongs to.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotThere(RecordProblem):
    """What was meant is absent, or not for this member to see."""


class AlreadyDone(RecordProblem):
    """Somebody else settled it in the meantime (U3); the sentence names them."""
