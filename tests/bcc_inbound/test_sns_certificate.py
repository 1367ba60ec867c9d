"""The certificate that SNS signs with: from Amazon's hosts only, over real TLS, and bounded."""

from pathlib import Path

import pytest

from bcc_inbound.webhooks.posts import Forged, NotNow
from bcc_inbound.webhooks.providers import sns
from bcc_inbound.webhooks.providers.sns_certificates import (
    CERTIFICATE_BYTES,
    GOOD_SECONDS,
    KEPT_SECONDS,
    STRETCH,
    Certificates,
)
from tests.bcc_inbound import payloads
from tests.certificates import write_certificates
from tests.sns_host import HOST, SnsHost, amazon, forget_certificates, sns_host

__all__ = ["amazon", "sns_host"]
URL = payloads.CERT_URL


def test_it_is_fetched_once_from_where_the_message_says(amazon: SnsHost) -> None:
    for _ in range(3):
        assert sns._certificate(URL, listed=True) == payloads.sns_certificate()
    assert amazon.asked == [URL]


@pytest.mark.parametrize(
    ("content", "status", "more"),
    [
        (b"no certificate at all", "200 OK", ""),
        (b"", "404 Not Found", ""),
        (b"", "503 Service Unavailable", ""),
        (b"", "302 Found", f"Location: https://{HOST}/elsewhere.pem\r\n"),
        (b"x" * (CERTIFICATE_BYTES + 1), "200 OK", ""),
        (b"\n" * 4 * CERTIFICATE_BYTES + payloads.sns_certificate(), "200 OK", ""),
    ],
)
def test_what_is_no_certificate_is_a_passing_fault_and_is_not_kept(
    amazon: SnsHost, content: bytes, status: str, more: str
) -> None:
    amazon.give(content, status, more)
    with pytest.raises(NotNow):
        sns._certificate(URL, listed=True)
    assert amazon.asked == [URL], "It was asked once, and went nowhere else."
    amazon.give()
    forget_certificates()
    assert sns._certificate(URL, listed=True) == payloads.sns_certificate()


def test_a_host_that_cannot_prove_its_name_is_not_believed(
    amazon: SnsHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_certificates(tmp_path, HOST)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with pytest.raises(NotNow):
        sns._certificate(URL, listed=True)
    assert amazon.asked == []


def test_nobody_is_asked_while_the_proxy_is_gone(
    amazon: SnsHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(NotNow):
        sns._certificate(URL, listed=True)


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
        sns._certificate(url, listed=True)
    assert amazon.asked == []


class Clock:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def other(number: int) -> str:
    return f"https://{HOST}/SimpleNotificationService-{number:032x}.pem"


def test_a_path_that_leads_to_nothing_is_asked_once_in_a_while(amazon: SnsHost) -> None:
    clock = Clock()
    known = Certificates(most_asked=10, clock=clock)
    amazon.give(b"", "404 Not Found")
    for _ in range(5):
        with pytest.raises(NotNow):
            known.get(URL)
    assert amazon.asked == [URL]
    clock.now += STRETCH
    amazon.give()
    assert known.get(URL) == payloads.sns_certificate()


def test_ever_new_paths_cost_a_few_requests_and_keep_no_known_certificate_out(
    amazon: SnsHost,
) -> None:
    clock = Clock()
    known = Certificates(most_asked=3, clock=clock)
    assert known.get(URL) == payloads.sns_certificate()
    clock.now += KEPT_SECONDS + 1
    amazon.give(b"", "404 Not Found")
    for number in range(50):
        with pytest.raises(NotNow):
            known.get(other(number))
    assert len(amazon.asked) == 1 + 3
    assert known.get(URL) == payloads.sns_certificate(), "It cannot be renewed and is still good."
    clock.now += GOOD_SECONDS
    with pytest.raises(NotNow):
        known.get(URL)


def test_a_new_certificate_is_found_when_sns_comes_back(amazon: SnsHost) -> None:
    """It comes back after twenty seconds, three times at least."""
    clock = Clock()
    known = Certificates(most_asked=3, clock=clock)
    amazon.give(b"", "404 Not Found")
    for number in range(50):
        with pytest.raises(NotNow):
            known.get(other(number))
    amazon.give()
    with pytest.raises(NotNow):
        known.get(URL)
    clock.now += 20
    assert known.get(URL) == payloads.sns_certificate()


def test_who_names_another_topic_uses_nothing_up_that_ours_need(amazon: SnsHost) -> None:
    amazon.give(b"", "404 Not Found")
    for number in range(50):
        with pytest.raises(NotNow):
            sns._certificate(other(number), listed=False)
    amazon.give()
    assert sns._certificate(URL, listed=True) == payloads.sns_certificate()
