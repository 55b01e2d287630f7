"""Which line of a card company's statement is which payment at a card reader, as a pure function.

Numbers of slips come round again, and are the same at several readers: a line takes the nearest payment with its number, each once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.tills.card_files import CardLine, slip_key

OUTCOMES = ("matches", "amount", "unknown", "settled", "reversed", "twice", "canceled", "missing")
"""As we have it; another sum; not with us; paid before; taken back with us; a second time in the file; sold and taken back on both
sides; with us, and not in the file."""
REACH = 7
"""Days by which the company's day of use may be away from ours: readers send what they took later, and numbers come round."""


@dataclass(frozen=True)
class Recorded:
    """A payment or refund at a card reader: the keys of the slips that it can have, yen (below zero: given back), and where it stands."""

    entry_id: int
    slips: frozenset[str]
    brand: str
    day: date
    amount: int
    is_settled: bool = False
    is_reversed: bool = False


@dataclass(frozen=True)
class Match:
    """What a line is, and the entry that it is about."""

    line: CardLine
    outcome: str
    entry: Recorded | None = None

    @property
    def difference(self) -> int:
        """Yen that the company counts more for it than we do."""
        if self.outcome == "amount" and self.entry is not None:
            return self.line.gross - self.entry.amount
        return 0 if self.outcome in {"matches", "canceled"} else self.line.gross

    @property
    def pays(self) -> int | None:
        """The entry that this line pays."""
        return self.entry.entry_id if self.entry is not None and self.outcome in {"matches", "amount"} else None


def match_lines(lines: Sequence[CardLine], recorded: Iterable[Recorded]) -> list[Match]:
    """Match every line, in the order of the file: first what agrees to the yen, then what only the number says."""
    by_slip: dict[str, list[Recorded]] = {}
    for entry in recorded:
        for slip in entry.slips:
            by_slip.setdefault(slip, []).append(entry)
    return _Matching(lines, by_slip).run()


def missing_from(lines: Sequence[CardLine], recorded: Iterable[Recorded], paid: frozenset[int]) -> list[Recorded]:
    """The unpaid entries that a statement of these days and brands should have had."""
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    brands = {line.brand for line in lines}
    return [
        entry
        for entry in recorded
        if not (entry.is_settled or entry.is_reversed or entry.entry_id in paid)
        and first <= entry.day <= last
        and ("" in brands or entry.brand in brands)
    ]


class _Matching:
    def __init__(self, lines: Sequence[CardLine], by_slip: Mapping[str, list[Recorded]]) -> None:
        self.lines, self.by_slip = lines, by_slip
        self.used: set[int] = set()
        self.matches: dict[int, Match] = {}

    def run(self) -> list[Match]:
        for at, line in enumerate(self.lines):
            self._assign(at, "matches", [each for each in self._open(line) if each.amount == line.gross])
        self._reversals()
        seen = Counter[tuple[str, date, int]]()
        for at, line in enumerate(self.lines):
            same = (slip_key(line.slip_number), line.day, line.gross)
            seen[same] += 1
            if at in self.matches:
                continue
            if seen[same] > 1:
                self.matches[at] = Match(line, "twice")
                continue
            settled = [each for each in self._near(line) if each.is_settled and each.amount == line.gross]
            self._assign(at, "settled", settled)
            if at not in self.matches:
                self._assign(at, "amount", [each for each in self._open(line) if each.amount * line.gross > 0])
            self.matches.setdefault(at, Match(line, "unknown"))
        return [self.matches[at] for at in range(len(self.lines))]

    def _reversals(self) -> None:
        """Lines about entries that we took back; sold and taken back on both sides they come to nothing."""
        about: dict[int, tuple[Recorded, list[int]]] = {}
        for at, line in enumerate(self.lines):
            if at not in self.matches:
                taken_back = [each for each in self._near(line) if each.is_reversed and each.amount == abs(line.gross)]
                for entry in sorted(taken_back, key=lambda each: _distance(line, each))[:1]:
                    about.setdefault(entry.entry_id, (entry, []))[1].append(at)
        for entry, places in about.values():
            total = sum(self.lines[at].gross for at in places)
            for at in places if total else ():
                if self.lines[at].gross == total:
                    self.matches[at] = Match(self.lines[at], "reversed", entry)
                    break
            rest = [at for at in places if at not in self.matches]
            if sum(self.lines[at].gross for at in rest) == 0:
                self.matches |= {at: Match(self.lines[at], "canceled", entry) for at in rest}

    def _near(self, line: CardLine) -> list[Recorded]:
        entries = self.by_slip.get(slip_key(line.slip_number), [])
        return [each for each in entries if abs((each.day - line.day).days) <= REACH]

    def _open(self, line: CardLine) -> list[Recorded]:
        return [
            each for each in self._near(line) if not (each.is_settled or each.is_reversed or each.entry_id in self.used)
        ]

    def _assign(self, at: int, outcome: str, candidates: Sequence[Recorded]) -> None:
        if not candidates:
            return
        line = self.lines[at]
        entry = min(candidates, key=lambda each: _distance(line, each))
        self.used.add(entry.entry_id)
        self.matches[at] = Match(line, outcome, entry)


def _distance(line: CardLine, entry: Recorded) -> tuple[bool, int, int]:
    return (
        bool(line.brand and entry.brand) and line.brand != entry.brand,
        abs((entry.day - line.day).days),
        entry.entry_id,
    )
