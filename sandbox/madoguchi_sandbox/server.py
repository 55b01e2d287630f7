"""Serving the sandbox: HTTP and SMTP in one process, on the loopback interface."""

import ipaddress
import logging
import socket
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from werkzeug.serving import BaseWSGIServer, make_server

from madoguchi_sandbox.app import Sandbox, create_sandbox
from madoguchi_sandbox.mailbox import Inbox

log = logging.getLogger(__name__)

SHUTDOWN_POLL_SECONDS = 0.05  # between checks for a request to stop


class SandboxServer:
    """The servers of a sandbox and their threads: HTTP, webhooks, SMTP. Port 0 takes a free port."""

    def __init__(
        self, host: str, port: int, data_dir: Path | None, smtp_port: int | None, public_url: str = ""
    ) -> None:
        """Bind the ports; nothing is served before `start`. `smtp_port` None leaves the mail server out."""
        self.app = create_sandbox(data_dir, public_url=public_url)
        sandbox: Sandbox = self.app.extensions["sandbox"]
        self.store, self.webhooks = sandbox.store, sandbox.webhooks
        self.http: BaseWSGIServer = make_server(host, port, self.app, threaded=True)
        self.url = f"http://{host}:{self.http.server_port}"
        self.mail_port = free_port(host) if smtp_port == 0 else smtp_port
        inbox = Inbox(self.store)
        self.mail = Controller(inbox, hostname=host, port=self.mail_port) if self.mail_port is not None else None
        self._thread = threading.Thread(
            target=self.http.serve_forever, args=(SHUTDOWN_POLL_SECONDS,), name="sandbox-http", daemon=True
        )

    def start(self, *, send_webhooks: bool = True) -> None:
        """Start to serve; without `send_webhooks` deliveries wait until `webhooks.deliver_due()` is called."""
        if self.mail is not None:
            self.mail.start()
        if send_webhooks:
            self.webhooks.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and close the store."""
        self.http.shutdown()
        self._thread.join()
        self.http.server_close()
        self.webhooks.stop()
        if self.mail is not None:
            self.mail.stop()
        self.store.close()

    def wait(self) -> None:
        """Block until the HTTP server ends."""
        self._thread.join()


def free_port(host: str) -> int:
    """Return a port that is free now: the mail server cannot choose one itself."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_loopback(host: str) -> bool:
    """Return whether `host` names this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return all(ipaddress.ip_address(info[4][0]).is_loopback for info in socket.getaddrinfo(host, None))


def serve(
    host: str, port: int, data_dir: Path, smtp_port: int, *, public_url: str = "", allow_remote: bool = False
) -> None:
    """Serve until interrupted.

    Anyone who reaches the sandbox can settle payments and read mails, so other interfaces than loopback are refused, unless
    `allow_remote` says that something else (a container's network) keeps strangers out.
    """
    if not allow_remote and not is_loopback(host):
        raise ValueError(f"The sandbox only listens on the loopback interface, not on {host}.")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = SandboxServer(host, port, data_dir, smtp_port, public_url)
    server.start()
    log.info("sandbox on %s, mail on port %s", server.url, smtp_port)
    try:
        server.wait()
    except KeyboardInterrupt:
        log.info("sandbox stopped")
    finally:
        server.stop()
