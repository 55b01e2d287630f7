"""Sending events to webhook endpoints: signature, retries, and the faults that the operator injects.

The faults are those of real networks: an event arrives late, twice, out of order, or never.
"""

import hashlib
import hmac
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

from madoguchi_sandbox.store import JsonObject, Store
from madoguchi_sandbox.troubles import strikes

RETRY_DELAYS = (5, 30, 120, 600, 3600, 21600, 86400, 86400)  # seconds; in sum about the three days Stripe keeps trying
DELAY_SECONDS = 20
FAULTS = {
    "delay": "遅れて送る",
    "duplicate": "2回送る",
    "reorder": "順を逆にする",
    "drop": "送らない",
}


def queue(store: Store, event_id: str, endpoint_id: str) -> None:
    """Schedule the delivery of an event, with the faults that are switched on."""
    due = store.now() + (int(store.setting("delay_seconds") or DELAY_SECONDS) if _happens(store, "delay") else 0)
    state = "dropped" if _happens(store, "drop") else "waiting"
    for _ in range(2 if _happens(store, "duplicate") else 1):
        store.execute(
            "INSERT INTO delivery (event_id, endpoint_id, due, state) VALUES (?, ?, ?, ?)",
            event_id,
            endpoint_id,
            due,
            state,
        )


def _happens(store: Store, fault: str) -> bool:
    """Whether a fault that is switched on strikes this time: `fault_percent` says how often."""
    return bool(store.setting(fault)) and strikes(store.setting("fault_percent"))


def resend(store: Store, event_id: str) -> None:
    """Deliver an event again, whatever became of its deliveries."""
    store.execute("UPDATE delivery SET state = 'waiting', due = ?, tries = 0 WHERE event_id = ?", store.now(), event_id)


def undelivered_event_ids(store: Store) -> set[str]:
    """Return the ids of events that at least one endpoint has not acknowledged."""
    return {row["event_id"] for row in store.execute("SELECT DISTINCT event_id FROM delivery WHERE state <> 'done'")}


def signature_header(secret: str, body: bytes, at: int) -> str:
    """Return the `Stripe-Signature` header: HMAC-SHA256 over time and body."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def post(url: str, body: bytes, headers: dict[str, str], timeout: float = 10) -> int:
    """POST and return the HTTP status. Names under `.localhost` are the loopback interface (RFC 6761, 6.3)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(address, parts.port, timeout=timeout)
    try:
        connection.request("POST", parts.path or "/", body, headers | {"Host": parts.netloc})
        return connection.getresponse().status
    finally:
        connection.close()


class WebhookSender:
    """Delivers events that are due. `start` does so in a thread; a test calls `deliver_due` itself."""

    def __init__(self, store: Store) -> None:
        """Nothing is sent before `start` or `deliver_due`."""
        self._store = store
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start to deliver in the background."""
        self._thread = threading.Thread(target=self._run, name="webhook-sender", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the delivery under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            self.deliver_due()

    def deliver_due(self) -> int:
        """Attempt every delivery that is due; return how many were attempted."""
        order = "DESC" if self._store.setting("reorder") else "ASC"
        due = self._store.execute(
            f"SELECT * FROM delivery WHERE state = 'waiting' AND due <= ? ORDER BY id {order}",  # noqa: S608 - two constants
            self._store.now(),
        )
        for row in due:
            self._deliver(row["id"], row["event_id"], row["endpoint_id"], row["tries"])
        return len(due)

    def _deliver(self, delivery_id: int, event_id: str, endpoint_id: str, tries: int) -> None:
        endpoint = self._store.find(endpoint_id)
        event = self._store.find(event_id)
        if endpoint is None or event is None:
            self._finish(delivery_id, "gone", "endpoint removed", tries)
            return
        result, acknowledged = self._send(endpoint, event)
        if acknowledged:
            self._finish(delivery_id, "done", result, tries + 1)
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            self._store.save(event)
        elif tries >= len(RETRY_DELAYS):
            self._finish(delivery_id, "gave_up", result, tries + 1)
        else:
            self._finish(delivery_id, "waiting", result, tries + 1, self._store.now() + RETRY_DELAYS[tries])

    def _send(self, endpoint: JsonObject, event: JsonObject) -> tuple[str, bool]:
        body = json.dumps(event, ensure_ascii=False, indent=2).encode()
        secret = self._store.private_data(endpoint["id"])["secret"]
        # The receiver checks the time of signing against the real clock, so the sandbox's own clock must not be used.
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(secret, body, int(time.time())),
        }
        try:
            status = post(endpoint["url"], body, headers)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, False
        return str(status), 200 <= status < 300

    def _finish(self, delivery_id: int, state: str, result: str, tries: int, due: int = 0) -> None:
        self._store.execute(
            "UPDATE delivery SET state = ?, answer = ?, tries = ?, due = ? WHERE id = ?",
            state,
            result,
            tries,
            due,
            delivery_id,
        )
