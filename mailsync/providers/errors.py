"""The few ways in which a mail service can fail, each with the sentence that its owner reads.

`services.sync_mailbox` turns each into a state of the mailbox, and nobody else does.
"""


class ProviderError(Exception):
    """A mail service did not do what was asked. `sentence` is for the mailbox's owner, and
    `needs_owner` says that nobody else can repair it."""

    needs_owner = False
    sentence = "The mail server did something that Threadwell does not understand."

    def __init__(self, sentence: str = "") -> None:
        if sentence:
            self.sentence = sentence
        super().__init__(self.sentence)


class Throttled(ProviderError):
    """The provider asks for a pause of `retry_after` seconds."""

    sentence = "The mail server asked us to slow down. Reading goes on by itself."

    def __init__(self, retry_after: float, sentence: str = "") -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class AuthorizationLost(ProviderError):
    """The password or grant no longer opens the mailbox; only its owner can repair that."""

    needs_owner = True
    sentence = "The mail server no longer accepts the password. Reconnect with a current one."


class ConsentMissing(ProviderError):
    """The grant is alive but does not cover `scope`."""

    needs_owner = True
    sentence = "Threadwell was not given the right to read this mailbox. Reconnect and allow it."

    def __init__(self, scope: str, sentence: str = "") -> None:
        super().__init__(sentence)
        self.scope = scope


class CursorExpired(ProviderError):
    """The place in `scope` (None: in the whole mailbox) means nothing to the provider any more."""

    sentence = "The mail server has numbered its messages anew. Checking what was missed."

    def __init__(self, scope: str | None = None) -> None:
        super().__init__()
        self.scope = scope


class MessageGone(ProviderError):
    """This one message is no longer there."""

    sentence = "This message is no longer in the mailbox."


class Transient(ProviderError):
    """It may work the next time: a network, a timeout, a server that is down."""

    sentence = "The mail server could not be reached. Threadwell tries again by itself."


class Permanent(ProviderError):
    """It will not work before somebody changes something at the server or in the settings."""

    sentence = "The mail server cannot be used like this."


class Unsure(ProviderError):
    """The server gave no clear answer to a mail: it may have been sent or not."""

    sentence = "The mail server gave no clear answer when it was given this mail."
