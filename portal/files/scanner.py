"""Asks ClamAV's daemon about a file over its Unix socket (INSTREAM). What is not clearly clean is not clean."""

import socket
from typing import BinaryIO, Literal

from clamav_client.clamd import BufferTooLongError, ClamdError, ClamdUnixSocket

from portal.core.config import settings

_TIMEOUT = 60  # seconds

Verdict = Literal["clean", "infected", "failed"]


class ScannerUnavailable(Exception):
    """No scanner is configured, or it does not answer; the file waits."""


def scan_stream(stream: BinaryIO) -> Verdict:
    """Return the scanner's verdict on what is read from there; `failed` when it cannot scan such a file at all. Raises ScannerUnavailable."""
    if not is_configured():
        raise ScannerUnavailable("no scanner is configured")
    if not is_available():
        raise ScannerUnavailable("no answer")
    clamd = ClamdUnixSocket(settings().clamd_socket, timeout=_TIMEOUT)
    try:
        answers = clamd.instream(stream)
    except BufferTooLongError:
        return "failed"
    except (ClamdError, OSError) as error:
        # A file beyond its limit makes the daemon close the connection; if it still answers, that was the reason.
        if isinstance(error, BrokenPipeError | ConnectionResetError) and is_available():
            return "failed"
        raise ScannerUnavailable(type(error).__name__) from error
    status = next(iter(answers.values()), ("ERROR", None))[0]
    verdicts: dict[str, Verdict] = {"OK": "clean", "FOUND": "infected"}
    return verdicts.get(status, "failed")


def is_configured() -> bool:
    """Whether this installation has a scanner at all."""
    return bool(settings().clamd_socket)


def is_available() -> bool:
    """Whether a scanner answers. The library is not used: it leaves its socket open when nothing listens."""
    if not is_configured():
        return False
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(settings().clamd_socket)
            connection.sendall(b"zPING\0")
            return connection.recv(16).startswith(b"PONG")
    except OSError:
        return False
