"""Checks of the services around the portal: mail, payment, virus scanner."""

import socket
from urllib.parse import urlsplit

from portal.cli.checks.finding import Check, Finding

PATIENCE = 3.0  # seconds


def mail() -> Finding:
    """The mail server takes connections."""
    from portal.core.config import settings

    place = f"{settings().smtp_host}:{settings().smtp_port}"
    if not _connects(settings().smtp_host, settings().smtp_port):
        return Finding(
            "mail", "advice", f"nothing answers at {place}", "set MADOGUCHI_SMTP_HOST and _PORT, or start it"
        )
    return Finding("mail", "ok", place)


def payment() -> Finding:
    """The payment provider's address answers. Keys are each city's own and are checked when it takes a payment."""
    from portal.core.config import settings

    base = settings().stripe_api_base or "https://api.stripe.com"
    parts = urlsplit(base)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not _connects(parts.hostname or "", port):
        return Finding("payment", "advice", f"{base} cannot be reached", "open the way out to it, or start the sandbox")
    return Finding("payment", "ok", base)


def virus_scanner() -> Finding:
    """clamd answers PING on its socket."""
    from portal.core.config import settings

    path = settings().clamd_socket
    if not path:
        return Finding(
            "virus scanner",
            "advice",
            "not set; uploads wait, and staff cannot open them",
            "install clamav-daemon and set MADOGUCHI_CLAMD_SOCKET=/run/clamav/clamd.ctl",
        )
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(path)
            connection.sendall(b"zPING\0")
            answer = connection.recv(16)
    except OSError as error:
        return Finding("virus scanner", "problem", f"{path}: {error.strerror or error}", "start clamav-daemon")
    if not answer.startswith(b"PONG"):
        return Finding("virus scanner", "problem", f"{path} answers {answer!r}", "restart clamav-daemon")
    return Finding("virus scanner", "ok", path)


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return True
    except OSError:
        return False


SERVICE_CHECKS: tuple[Check, ...] = (mail, payment, virus_scanner)
