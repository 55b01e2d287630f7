"""The sandbox listens on this machine only, and keeps its data over a restart."""

from pathlib import Path

import pytest
import stripe

from madoguchi_sandbox import SandboxServer, serve
from madoguchi_sandbox.server import is_loopback


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)],  # noqa: S104 - judged, not listened on
)
def test_only_the_loopback_interface_counts_as_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_other_interfaces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        serve("0.0.0.0", 0, tmp_path, 0)  # noqa: S104 - it is refused


def test_sessions_survive_a_restart(tmp_path: Path) -> None:
    def client(server: SandboxServer) -> stripe.StripeClient:
        return stripe.StripeClient("sk_test_restart", base_addresses={"api": server.url}, max_network_retries=0)

    first = SandboxServer("127.0.0.1", 0, tmp_path, None)
    first.start(send_webhooks=False)
    price = {"currency": "jpy", "unit_amount": 300, "product_data": {"name": "住民票の写し"}}
    session = client(first).v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://tachikawa.localhost/",
            "line_items": [{"quantity": 1, "price_data": price}],
        }
    )
    first.stop()
    second = SandboxServer("127.0.0.1", 0, tmp_path, None)
    second.start(send_webhooks=False)
    assert client(second).v1.checkout.sessions.retrieve(session.id).status == "open"
    second.stop()
