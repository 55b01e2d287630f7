"""What a walk has seen: who got through, what was asked, which way conditions went, and where somebody got stuck."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from forms.definition.diagnostics import UnlocatedDiagnostic, shown
from forms.definition.source import Path, dotted

_MAX_ANSWERS = 160


@dataclass
class Outcomes:
    """How often a condition held and did not."""

    held: int = 0
    failed: int = 0

    def note(self, holds: bool) -> None:
        """Count one outcome."""
        self.held += holds
        self.failed += not holds


@dataclass(frozen=True)
class DeadEnd:
    """Sound answers with which nobody can go on. `path` leads to the part of the definition that stops them."""

    path: Path
    message: str
    remedy: str
    answers: Mapping[str, JsonValue]
    severity: Literal["error", "advice"] = "error"

    def diagnostic(self) -> UnlocatedDiagnostic:
        """The dead end as a diagnostic, with the answers that lead there."""
        answers = shown(json.dumps(self.answers, ensure_ascii=False), _MAX_ANSWERS)
        return UnlocatedDiagnostic(self.path, f"{self.message} そうなる答え：{answers}", self.remedy, self.severity)


@dataclass
class Coverage:
    """All that a walk has seen. `shown` counts the residents who were asked a question, by its id or `group.question`."""

    residents: int = 0
    complete: int = 0
    shown: dict[str, int] = field(default_factory=dict)
    conditions: dict[Path, Outcomes] = field(default_factory=dict)
    fees: dict[Path, int] = field(default_factory=dict)
    dead_ends: dict[Path, DeadEnd] = field(default_factory=dict)
    unanswerable: set[Path] = field(default_factory=set)

    def note_dead_end(self, end: DeadEnd) -> None:
        """Keep a dead end, once for each part of the definition: what is an error is not hidden by advice met before."""
        known = self.dead_ends.get(end.path)
        if known is None or (known.severity, end.severity) == ("advice", "error"):
            self.dead_ends[end.path] = end

    @property
    def covered(self) -> bool:
        """Whether nothing is left to be seen: all questions, both ways of every condition, every line of the fee."""
        return (
            all(self.shown.values())
            and all(outcome.held and outcome.failed for outcome in self.conditions.values())
            and all(self.fees.values())
        )

    def add(self, other: "Coverage") -> None:
        """Take over what another walk through the same definition has seen."""
        self.residents += other.residents
        self.complete += other.complete
        for name, count in other.shown.items():
            self.shown[name] += count
        for path, outcome in other.conditions.items():
            self.conditions[path].held += outcome.held
            self.conditions[path].failed += outcome.failed
        for path, count in other.fees.items():
            self.fees[path] += count
        for end in other.dead_ends.values():
            self.note_dead_end(end)
        self.unanswerable |= other.unanswerable

    def as_dict(self) -> dict[str, object]:
        """The coverage as plain JSON."""
        return {
            "residents": self.residents,
            "complete": self.complete,
            "questions": dict(self.shown),
            "conditions": {
                dotted(path): {"held": outcome.held, "failed": outcome.failed}
                for path, outcome in self.conditions.items()
            },
            "fees": {dotted(path): count for path, count in self.fees.items()},
            "dead_ends": [
                {"path": dotted(end.path), "message": end.message, "answers": dict(end.answers)}
                for end in self.dead_ends.values()
            ],
        }
