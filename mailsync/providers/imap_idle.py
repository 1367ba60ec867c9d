"""IDLE (RFC 2177): an open connection over which the server says that a folder has news."""

from imapclient import IMAPClient

from mailsync.providers.errors import Transient
from mailsync.providers.imap_connection import ImapAccount, close, connect, house_errors

_NEWS = {b"EXISTS", b"EXPUNGE", b"FETCH", b"RECENT", b"VANISHED"}


class IdleConnection:
    """One connection that waits at one folder. Every method may raise a ProviderError."""

    def __init__(self, account: ImapAccount, folder: str) -> None:
        self._client: IMAPClient = connect(account)
        try:
            with house_errors():
                self._client.select_folder(folder, readonly=True)
                self._client.idle()
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        """The socket, for a selector."""
        return int(self._client.socket().fileno())

    def news(self) -> bool:
        """What made the socket readable: True for news, False for a sign of life.

        Raises Transient where the server has hung up.
        """
        with house_errors():
            answers = self._client.idle_check(timeout=0)
        words = {part for answer in answers for part in answer if isinstance(part, bytes)}
        if not answers or b"BYE" in words:
            raise Transient
        return bool(words & _NEWS)

    def renew(self) -> bool:
        """End IDLE and begin it again, before the server ends it; True for news in between."""
        with house_errors():
            _, answers = self._client.idle_done()
            self._client.idle()
        return any(part in _NEWS for answer in answers or () for part in answer)

    def close(self) -> None:
        close(self._client)
