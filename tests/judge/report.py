"""What a part of the judge saw, and the summary of all of them."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN = 25


@dataclass
class Report:
    """One part's outcome. `faults` are broken promises and fail the run; `notes` are worth a look and do not."""

    part: str
    requests: int = 0
    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def expect(self, is_kept: bool, promise: str) -> None:
        """Note a promise that was not kept."""
        if not is_kept:
            self.faults.append(promise)


def summary(reports: list[Report], *, seed: int, seconds: float) -> str:
    """The table and, below it, every fault with how to repeat it."""
    lines = [f"{'part':<8} {'requests':>8} {'faults':>6}  figures"]
    for report in reports:
        figures = ", ".join(f"{name} {value}" for name, value in report.figures.items())
        lines.append(f"{report.part:<8} {report.requests:>8,} {len(report.faults):>6}  {figures}")
    for title, kind in (("Faults", "faults"), ("To look at", "notes")):
        lines_of_kind = [f"  {report.part}: {line}" for report in reports for line in getattr(report, kind)]
        if lines_of_kind:
            more = [f"  and {len(lines_of_kind) - SHOWN} more"] if len(lines_of_kind) > SHOWN else []
            lines += ["", f"{title}:", *lines_of_kind[:SHOWN], *more]
    verdict = "every promise was kept" if upheld(reports) else "PROMISES WERE BROKEN"
    return "\n".join([*lines, "", f"seed {seed}, {seconds:.0f} s: {verdict}"])


def upheld(reports: list[Report]) -> bool:
    """Whether nothing is wrong. Parts that asked for nothing judged nothing."""
    return bool(reports) and all(not report.faults and report.requests for report in reports)


def as_json(reports: list[Report]) -> str:
    """The reports for a program."""
    return json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=1)
