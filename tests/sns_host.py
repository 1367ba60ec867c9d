"""The host of Amazon that gives out certificates, over real TLS.

The product asks for https://sns.eu-west-1.amazonaws.com as always. That it arrives here is the work
of two variables that every program of this kind follows: the proxy for https, and the authority
that is believed. Nothing in the product knows of it.
"""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bcc_inbound.webhooks.providers import sns
from tests.bcc_inbound import payloads
from tests.certificates import write_certificates

HOST = urlsplit(payloads.CERT_URL).hostname or ""


class SnsHost:
    """A proxy that leads every name to itself. `answer` is what it says to each request."""

    def __init__(self, folder: Path) -> None:
        write_certificates(folder, HOST)
        self.authority = folder / "authority.pem"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.asked: list[str] = []
        self.give()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def environment(self) -> dict[str, str]:
        """What leads a process here."""
        proxy = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {"HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(self.authority)}

    def give(self, content: bytes = b"", status: str = "200 OK", more: str = "") -> None:
        """Answer with this from now on; by default with the certificate."""
        content = content or payloads.sns_certificate()
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{more}"
        self.answer = f"{head}Connection: close\r\n\r\n".encode() + content

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> Any:
        host = self

        class Tunnel(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                name = self.rfile.readline().split()[1].decode()
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                try:
                    with host.context.wrap_socket(self.connection, server_side=True) as tls:
                        path = tls.makefile("rb").readline().split()[1].decode()
                        host.asked.append(f"https://{name.removesuffix(':443')}{path}")
                        tls.sendall(host.answer)
                except OSError:
                    return

        return Tunnel


@pytest.fixture(scope="session")
def sns_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnsHost]:
    host = SnsHost(tmp_path_factory.mktemp("sns"))
    yield host
    host.close()


@pytest.fixture
def amazon(sns_host: SnsHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnsHost]:
    """The host that answers, with nothing fetched yet."""
    for name, value in sns_host.environment().items():
        monkeypatch.setenv(name, value)
    forget_certificates()
    sns_host.asked.clear()
    yield sns_host
    forget_certificates()
    sns_host.give()


def forget_certificates() -> None:
    """Start anew, as another process does."""
    sns.OURS.forget()
    sns.OTHERS.forget()
