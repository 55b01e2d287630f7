"""The mailbox takes mail by SMTP and shows it with its links alive and nothing else."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from madoguchi_sandbox.mail_pages import with_links
from madoguchi_sandbox.server import Running


@pytest.fixture
def sandbox() -> Iterator[Running]:
    running = Running("127.0.0.1", 0, None, 0)
    running.start(send_webhooks=False)
    yield running
    running.stop()


def send(port: int | None, to: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "madoguchi@tachikawa.example", to, subject
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port or 0) as server:
        server.send_message(mail)


def test_a_mail_can_be_read_and_its_link_followed(sandbox: Running) -> None:
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


def test_mails_are_found_by_address(sandbox: Running) -> None:
    send(sandbox.mail_port, "a@example.jp", "一通目", "x")
    send(sandbox.mail_port, "b@example.jp", "二通目", "x")
    found = sandbox.app.test_client().get("/mail/?to=b@example.jp").text
    assert "二通目" in found
    assert "一通目" not in found


def test_a_mail_cannot_bring_markup_along() -> None:
    shown = with_links('<script>alert(1)</script> http://a.example/"onclick="x')
    assert "<script" not in shown
    assert '"onclick' not in shown
