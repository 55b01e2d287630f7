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
    """The payment provider's address answers."""
    from portal.core.config import settings

    base = settings().stripe_api_base or "https://api.stripe.com"
    parts = urlsplit(base)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not _connects(parts.hostname or "", port):
        return Finding("payment", "advice", f"{base} cannot be reached", "open the way out to it, or start the sandbox")
    return Finding("payment", "ok", base)


def payment_accounts() -> Finding:
    """Each city's account is its own, of the right kind for the provider's address, and has a webhook secret."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.payments import ProviderRejected, ProviderUnavailable, account_faults, account_faults_at_provider

    faults = account_faults()
    if not faults:
        try:
            faults = account_faults_at_provider()
        except (ProviderUnavailable, ProviderRejected) as error:
            detail = (
                f"not compared at the provider, which does not take a key or does not answer ({type(error).__name__})"
            )
            return Finding("payment accounts", "advice", detail, "see the line above, and renew a key that was revoked")
    if faults:
        details, fixes = ("; ".join(texts) for texts in zip(*((f.detail, f.fix) for f in faults), strict=True))
        return Finding("payment accounts", "problem", details, fixes)
    return Finding("payment accounts", "ok", "each city has its own, or shares one as declared")


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


SERVICE_CHECKS: tuple[Check, ...] = (mail, payment, payment_accounts, virus_scanner)
