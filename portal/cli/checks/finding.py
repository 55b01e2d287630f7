"""What one check found, and how to fix it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """`ok`, `advice` (runs, but something is missing) or `problem`; the latter two say how to fix it."""

    name: str
    level: Literal["ok", "advice", "problem"]
    detail: str
    fix: str = ""


Check = Callable[[], Finding]


def look(checks: Iterable[Check]) -> list[Finding]:
    """Carry out every check. One that fails itself is a problem, not the end."""
    findings = []
    for check in checks:
        try:
            findings.append(check())
        except Exception as error:
            message = (str(error).strip().splitlines() or [type(error).__name__])[0]
            findings.append(Finding(name_of(check), "problem", message, "see the message; apply the other fixes first"))
    return findings


def name_of(check: Check) -> str:
    """The name of a check as people read it: `static_files` is "static files"."""
    return getattr(check, "__name__", "check").replace("_", " ")
