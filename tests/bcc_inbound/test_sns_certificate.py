"""The certificate that SNS signs with: from Amazon's hosts only, over real TLS, and bounded."""

from pathlib import Path

import pytest

from bcc_inbound.webhooks.posts import Forged, NotNow
from bcc_inbound.webhooks.providers import sns
from tests.bcc_inbound import payloads
from tests.certificates import write_certificates
from tests.sns_host import HOST, SnsHost, amazon, sns_host

__all__ = ["amazon", "sns_host"]
URL = payloads.CERT_URL


def test_it_is_fetched_once_from_where_the_message_says(amazon: SnsHost) -> None:
    for _ in range(3):
        assert sns._certificate(URL) == payloads.sns_certificate()
    assert amazon.asked == [URL]


@pytest.mark.parametrize(
    ("content", "status", "more"),
    [
        (b"no certificate at all", "200 OK", ""),
        (b"", "404 Not Found", ""),
        (b"", "503 Service Unavailable", ""),
        (b"", "302 Found", f"Location: https://{HOST}/elsewhere.pem\r\n"),
        (b"x" * (sns.CERTIFICATE_BYTES + 1), "200 OK", ""),
        (b"\n" * 4 * sns.CERTIFICATE_BYTES + payloads.sns_certificate(), "200 OK", ""),
    ],
)
def test_what_is_no_certificate_is_a_passing_fault_and_is_not_kept(
    amazon: SnsHost, content: bytes, status: str, more: str
) -> None:
    amazon.give(content, status, more)
    with pytest.raises(NotNow):
        sns._certificate(URL)
    assert amazon.asked == [URL], "It was asked once, and went nowhere else."
    amazon.give()
    assert sns._certificate(URL) == payloads.sns_certificate()


def test_a_host_that_cannot_prove_its_name_is_not_believed(
    amazon: SnsHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_certificates(tmp_path, HOST)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with pytest.raises(NotNow):
        sns._certificate(URL)
    assert amazon.asked == []


def test_nobody_is_asked_while_the_proxy_is_gone(
    amazon: SnsHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(NotNow):
        sns._certificate(URL)


PEM = URL.rpartition("/")[2]


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/{PEM}",
        f"https://{HOST}.evil.example/{PEM}",
        f"https://evil.example/{HOST}/{PEM}",
        f"https://{HOST}@evil.example/{PEM}",
        f"https://user@{HOST}/{PEM}",
        f"https://{HOST}:444/{PEM}",
        f"https://{HOST}/elsewhere/{PEM}",
        "https://s3.amazonaws.com/" + PEM,
        "https://[::1/" + PEM,
        "",
    ],
)
def test_no_other_host_or_path_is_ever_asked(amazon: SnsHost, url: str) -> None:
    with pytest.raises(Forged):
        sns._certificate(url)
    assert amazon.asked == []
