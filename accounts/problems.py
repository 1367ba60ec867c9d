"""What a person can put right: one sentence, and the field of the form that it belongs to."""


class PeopleProblem(Exception):
    """A request about people that cannot be carried out as it stands; nothing was changed."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
