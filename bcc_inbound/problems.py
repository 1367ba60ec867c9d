"""What a person can put right about inbound mail, in one sentence."""


class InboundProblem(Exception):
    """An act on inbound mail that cannot be carried out as it stands; nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
