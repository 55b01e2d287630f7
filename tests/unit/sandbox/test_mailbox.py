"""The mailbox receives mail by SMTP and shows it as text with clickable links."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from madoguchi_sandbox import SandboxServer
from madoguchi_sandbox.mail_pages import linkify


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    server = SandboxServer("127.0.0.1", 0, None, 0)
    server.start(send_webhooks=False)
    yield server
    server.stop()


def send(port: int | None, to: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "madoguchi@tachikawa.example", to, subject
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port or 0) as server:
        server.send_message(mail)


def test_a_mail_can_be_read_and_its_link_followed(sandbox: SandboxServer) -> None:
    send(
        sandbox.mail_port,
        "misaki@example.jp",
        "申請の続き",
        "続きはこちらです。\nhttp://tachikawa.localhost:8000/draft/x?t=1&u=2\n",
    )
    browser = sandbox.app.test_client()
    assert "申請の続き" in browser.get("/mail/").text
    page = browser.get("/mail/1").text
    assert 'href="http://tachikawa.localhost:8000/draft/x?t=1&amp;u=2"' in page
    assert "テスト環境：実際の請求は行われません" in page


def test_mails_are_found_by_address(sandbox: SandboxServer) -> None:
    send(sandbox.mail_port, "a@example.jp", "一通目", "x")
    send(sandbox.mail_port, "b@example.jp", "二通目", "x")
    page = sandbox.app.test_client().get("/mail/?to=b@example.jp").text
    assert "二通目" in page
    assert "一通目" not in page


def test_a_mail_cannot_bring_markup_along() -> None:
    html = linkify('<script>alert(1)</script> http://a.example/"onclick="x')
    assert "<script" not in html
    assert '"onclick' not in html
