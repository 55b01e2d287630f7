"""How many uploads are inspected at the same time on this machine, in all of its web processes together.

A slot is a locked file in the instance folder: the lock ends with the process that holds it, however that ends.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from portal.core.config import settings
from portal.core.errors import Unavailable
from portal.core.text import _

PATIENCE = 15.0
"""How long, in seconds, an upload waits for a slot."""
RETRY_AFTER = 5
"""After how many seconds a browser may try again."""
_POLL_INTERVAL = 0.05  # seconds

_waiting = threading.BoundedSemaphore(max(2, settings().database_pool // 2))
"""Threads of this process that inspect an upload or wait for a slot: half of them at most, so that pages are still answered."""


class Busy(Unavailable):
    """Every slot was taken for too long; nothing was stored, and trying again soon helps."""

    retry_after = RETRY_AFTER

    def __init__(self) -> None:
        super().__init__(_("ファイルの確認がこみ合っています。少し待ってから、もう一度このファイルを選んでください。"))


@contextmanager
def slot() -> Iterator[None]:
    """Wait for a slot and hold it. Raises Busy."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        descriptor = _locked_file()
        try:
            yield
        finally:
            os.close(descriptor)
    finally:
        _waiting.release()


def _locked_file() -> int:
    """Return the descriptor of the first slot that becomes free."""
    folder = settings().instance_path / "slots"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    end = time.monotonic() + PATIENCE
    while True:
        for number in range(settings().file_checks):
            descriptor = os.open(folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        if time.monotonic() >= end:
            raise Busy
        time.sleep(_POLL_INTERVAL)
