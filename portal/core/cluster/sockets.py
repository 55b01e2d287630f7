"""Unix sockets need short paths: the kernel takes 107 bytes, and an instance folder may be deeply nested."""

import hashlib
import os
import tempfile
from pathlib import Path

MAX_SOCKET_PATH = 100
"""Bytes; leaves some room for the lock file that PostgreSQL puts beside its socket."""


def mark_of(folder: Path) -> str:
    """Ten characters that stand for a folder."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]


def socket_folder(preferred: Path, socket_name: str, uid: int) -> Path:
    """`preferred`, or when its sockets' paths would be too long a folder of that user among the temporary files."""
    if len(os.fsencode(preferred / socket_name)) <= MAX_SOCKET_PATH:
        return preferred
    return Path(tempfile.gettempdir()) / f"madoguchi-{uid}-{mark_of(preferred)}"
