"""Runs the programs that open what strangers sent: each in a process of its own, which limits itself, knows no secrets of the
portal, and may fall over without anybody noticing.
"""

import subprocess
import sys
from pathlib import Path

from portal.files.slots import slot

PATIENCE = 40.0
"""Seconds by the clock; each program limits its own seconds of the processor to half of that."""


class ChildFailed(Exception):
    """The program was killed for what it took, or broke, or did not end in time."""


def run_isolated(program: str, content: bytes, *arguments: str) -> bytes:
    """What a program beside this one (`pdf_inspection.py`) writes about the content. Raises ChildFailed, and Busy without a slot."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(program)), *arguments]
    with slot():
        try:
            done = subprocess.run(  # noqa: S603 - our own program, and the file goes to its standard input
                command, input=content, capture_output=True, timeout=PATIENCE, check=False, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise ChildFailed from error
    if done.returncode != 0:
        raise ChildFailed
    return done.stdout
