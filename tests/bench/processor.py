"""Processor time: on a busy machine waits tell of the machine, and this of the work. Linux (`/proc/…/schedstat`)."""

import resource
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text


class Processor:
    """The processor time of this process, of the children that it waited for, and of a session's backend."""

    def __init__(self, session: Any) -> None:
        self._backend = Path(f"/proc/{session.scalar(text('SELECT pg_backend_pid()'))}/schedstat")

    def seconds(self) -> float:
        """Until now, since some moment."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        backend = int(self._backend.read_text(encoding="ascii").split()[0]) / 1e9
        return time.process_time() + children.ru_utime + children.ru_stime + backend
