"""Runs the programs that open files from strangers: each in a process of its own, which limits itself, has no secrets of the portal,
and may crash without harm.
"""

import subprocess
import sys
from pathlib import Path

from portal.files.slots import slot

PATIENCE = 40.0
"""Seconds of wall-clock time; each program limits its own processor time to half of that."""


class IsolatedProcessFailed(Exception):
    """The program exceeded its limits, crashed, or did not end in time."""


def run_isolated(program: str, content: bytes, *arguments: str) -> bytes:
    """Return what a program in this folder (`pdf_inspection.py`) writes about the content. Raises IsolatedProcessFailed, and Busy without a slot."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(program)), *arguments]
    with slot():
        try:
            process = subprocess.run(  # noqa: S603 - our own program, and the file goes to its standard input
                command, input=content, capture_output=True, timeout=PATIENCE, check=False, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise IsolatedProcessFailed from error
    if process.returncode != 0:
        raise IsolatedProcessFailed
    return process.stdout
