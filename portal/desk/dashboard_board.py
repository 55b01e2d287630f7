"""Everything that the dashboard shows for one question, read in as many statements as it has parts, and each part as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import ledger
from portal.cases import density, figures
from portal.core.clock import today
from portal.core.text import _, date_ja
from portal.desk.dashboard_map import need
from portal.desk.dashboard_question import Question
from portal.payments import method_name
from portal.procedures import Offer

LONG_DAYS = 12
"""Bars of days; with longer ones each stands for several days."""
_SPANS = (1, 2, 5, 10, 31)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Table:
    """A part of the dashboard as a table: what it is called, its columns, its rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Bin:
    """Closed cases that took between `first` and `last` days: in time, and too late."""

    first: int
    last: int
    in_time: int
    late: int

    @property
    def label(self) -> str:
        """The days as the chart has them."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Stop:
    """A page, or a question of it, at which drafts of a procedure ended without being sent."""

    procedure: str
    page: str
    question: str
    count: int


@dataclass(frozen=True)
class Board:
    """The figures. Departments and procedures are named as the city calls them; money is in whole yen."""

    question: Question
    departments: Mapping[int, str]
    procedures: Mapping[str, str]
    arrivals: figures.Arrivals
    year_before: int
    closings: figures.Closings
    overdue: Mapping[int, int]
    overdue_week_ago: int | None
    overdue_days: Sequence[int]
    money: Sequence[ledger.ReportLine]
    stops: Sequence[Stop]
    need: Sequence[density.DensityClass]

    @property
    def volumes(self) -> list[tuple[int, int]]:
        """Arrivals of each step of time: all, and those online."""
        return [self.arrivals.by_time.get(day, (0, 0)) for day in self.question.steps()]

    @property
    def bins(self) -> list[Bin]:
        """How long closed cases took, in at most twelve bars; the last one holds all that took longer."""
        by_days = self.closings.by_days
        longest = max(by_days, default=0)
        span = next((span for span in _SPANS if longest < span * LONG_DAYS), _SPANS[-1])
        bins: dict[int, list[int]] = {place: [0, 0] for place in range(min(longest // span, LONG_DAYS - 1) + 1)}
        for days, (number, late) in by_days.items():
            place = min(days // span, LONG_DAYS - 1)
            bins[place][0] += number - late
            bins[place][1] += late
        return [
            Bin(place * span, longest if place == LONG_DAYS - 1 else place * span + span - 1, *counts)
            for place, counts in bins.items()
        ]

    @property
    def by_department(self) -> list[tuple[int, str, tuple[int, int], tuple[int, int], int]]:
        """Departments in which anything was: id, title, arrivals (and online), closings (and late), overdue now; the busiest first."""
        seen = {*self.arrivals.by_department, *self.closings.by_department, *self.overdue}
        rows = [
            (
                key,
                self.departments[key],
                self.arrivals.by_department.get(key, (0, 0)),
                self.closings.by_department.get(key, (0, 0)),
                self.overdue.get(key, 0),
            )
            for key in self.departments
            if key in seen
        ]
        return sorted(rows, key=lambda row: -row[2][0])

    @property
    def by_procedure(self) -> list[tuple[str, str, tuple[int, int], tuple[int, int]]]:
        """The same of procedures, without what is overdue."""
        seen = {*self.arrivals.by_procedure, *self.closings.by_procedure}
        arrived, closed = self.arrivals.by_procedure, self.closings.by_procedure
        rows = [(key, self.procedures.get(key, key), arrived.get(key, (0, 0)), closed.get(key, (0, 0))) for key in seen]
        return sorted(rows, key=lambda row: (-row[2][0], row[0]))

    @property
    def tables(self) -> dict[str, Table]:
        """Each part as a table, by the name that its file has."""
        steps = [
            (date_ja(day, year=True), *arrived, share(arrived), *self.closings.by_time.get(day, (0, 0)))
            for day, arrived in zip(self.question.steps(), self.volumes, strict=True)
        ]
        received = sum(line.received for line in self.money)
        hexagons = [
            (hexagon.locality or _("地名のない場所"), hexagon.count)
            for each in reversed(self.need)
            for hexagon in sorted(each.hexagons, key=lambda hexagon: -hexagon.count)
        ]
        counted = (
            _("申請"),
            _("うちオンライン"),
            _("オンラインの割合(%)"),
            _("終わった案件"),
            _("うち標準処理期間をこえた"),
        )
        return {
            "volumes": Table(_("申請の件数"), (_("はじめの日"), *counted), steps),
            "days": Table(
                _("受付から終わるまでの日数"),
                (_("日数"), _("標準処理期間のうち"), _("標準処理期間をこえた")),
                [(each.label, each.in_time, each.late) for each in self.bins],
            ),
            "departments": Table(
                _("部署ごと"),
                (_("部署"), *counted, _("いま期限をこえている")),
                [
                    (title, *arrived, share(arrived), *closed, late)
                    for _key, title, arrived, closed, late in self.by_department
                ],
            ),
            "procedures": Table(
                _("手続きごと"),
                (_("手続き"), *counted),
                [(title, *arrived, share(arrived), *closed) for _key, title, arrived, closed in self.by_procedure],
            ),
            "payments": Table(
                _("支払い方法"),
                (_("方法"), _("収納(円)"), _("返金(円)"), _("収納の割合(%)")),
                [
                    (
                        method_name(line.key) if line.key else "—",
                        line.received,
                        line.refunded,
                        percent(line.received, received),
                    )
                    for line in self.money
                ],
            ),
            "drafts": Table(
                _("とちゅうで終わった申請"),
                (_("手続き"), _("止まったページ"), _("答えのない質問"), _("件数")),
                [(stop.procedure, stop.page, stop.question, stop.count) for stop in self.stops],
            ),
            "need": Table(_("申請の多い場所"), (_("場所"), _("件数")), hexagons),
        }


def share(pair: tuple[int, int]) -> float | str:
    """The second of the first in percent."""
    return percent(pair[1], pair[0])


def percent(part: int, whole: int) -> float | str:
    """With one decimal; of nothing there is none."""
    return round(100 * part / whole, 1) if whole else ""


def read_board(session: Session, question: Question, departments: Mapping[int, str], offers: Sequence[Offer]) -> Board:
    """Read everything for the departments that may be seen, or the chosen one of them."""
    seen = frozenset(departments) if question.department is None else frozenset([question.department])
    which = figures.Figures(
        seen, question.procedure, question.begin, question.end, question.step, figures.counted_until(session)
    )
    begin, end = question.year_before()
    month = replace(which, begin=today() - timedelta(days=30), end=today())
    before = figures.overdue_before(session, month)
    lines = ledger.report(
        session, question.begin, question.end, "method", departments=seen, procedure=question.procedure
    )
    shown = [offer for offer in offers if offer.department_id in seen and question.procedure in ("", offer.key)]
    return Board(
        question=question,
        departments=departments,
        procedures={offer.key: offer.definition.title.for_language("ja") for offer in offers},
        arrivals=figures.read_arrivals(session, which),
        year_before=figures.count_arrivals(session, replace(which, begin=begin, end=end)),
        closings=figures.read_closings(session, which),
        overdue=figures.overdue_now(session, which),
        overdue_week_ago=before.get(today() - _WEEK) if before else None,
        overdue_days=list(before.values()),
        money=sorted((line for line in lines if line.received or line.refunded), key=lambda line: -line.received),
        stops=_stops(figures.ends_of_drafts(session, which, [offer.key for offer in shown]), shown),
        need=need(session, seen, question.procedure),
    )


def _stops(ends: Mapping[tuple[str, str, str], int], offers: Sequence[Offer]) -> list[Stop]:
    """Where drafts ended, in words; a page or question of an earlier version that is gone has its id."""
    definitions = {offer.key: offer.definition for offer in offers}
    stops = []
    for (procedure, step_id, field_id), number in ends.items():
        definition = definitions[procedure]
        step = next((step for step in definition.steps if step.id == step_id), None)
        field = definition.fields.get(field_id)
        stops.append(
            Stop(
                definition.title.for_language("ja"),
                step.title.for_language("ja") if step else step_id or _("確認のページ"),
                field.label.for_language("ja") if field and field.label else field_id or "—",
                number,
            )
        )
    return sorted(stops, key=lambda stop: (-stop.count, stop.procedure, stop.page, stop.question))
