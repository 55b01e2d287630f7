"""How far the publishing again is that a change to a list or word began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.identity import belongings, staff_name
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.republication_models import Republication, RepublishedProcedure
from portal.procedures.republishing import retry_failed

__all__ = ["Progress", "Turn", "latest_of", "progress", "retry_failed", "unfinished"]


@dataclass(frozen=True)
class Progress:
    """A republication and how many of its procedures wait, were done, and could not be published."""

    id: int
    kind: str
    name: str
    reason: str
    department_id: int
    started_at: datetime
    started_by: str | None
    total: int
    waiting: int
    failed: int

    @property
    def done(self) -> int:
        """How many had their turn."""
        return self.total - self.waiting


@dataclass(frozen=True)
class Turn:
    """One procedure of a republication: its state, the number of the version that was made, and what kept it from being made."""

    key: str
    title: str
    department_id: int
    state: str
    number: int | None
    problem: str | None


def progress(session: Session, republication_id: int) -> tuple[Progress, Sequence[Turn]]:
    """A republication with its procedures: first those that failed, then those that wait. Raises NotFound."""
    row = session.execute(_progress().where(Republication.id == republication_id)).first()
    if row is None:
        raise NotFound
    order = case({"failed": 0, "waiting": 1}, value=RepublishedProcedure.state, else_=2)
    query = (
        select(
            Procedure.key,
            func.coalesce(ProcedureVersion.document["title"]["ja"].astext, Procedure.key),
            Procedure.department_id,
            RepublishedProcedure.state,
            RepublishedProcedure.number,
            RepublishedProcedure.problem,
        )
        .join(Procedure, Procedure.id == RepublishedProcedure.procedure_id)
        .outerjoin(ProcedureVersion, ProcedureVersion.id == Procedure.current_version_id)
        .where(RepublishedProcedure.republication_id == republication_id)
        .order_by(order, Procedure.sort, Procedure.id)
    )
    return Progress(*row), [Turn(*turn) for turn in session.execute(query)]


def latest_of(session: Session, kind: str, name: str) -> Progress | None:
    """The last republication of a list (kind `lists`) or word (`facts`, `items`); None where none was needed yet."""
    query = _progress().where(Republication.kind == kind, Republication.name == name)
    row = session.execute(query.order_by(Republication.id.desc()).limit(1)).first()
    return Progress(*row) if row else None


def unfinished(session: Session) -> list[Progress]:
    """Every republication of which a procedure waits or could not be published, the newest first."""
    lacking = select(RepublishedProcedure.republication_id).where(RepublishedProcedure.state.in_(("waiting", "failed")))
    query = _progress().where(Republication.id.in_(lacking)).order_by(Republication.id.desc())
    return [Progress(*row) for row in session.execute(query)]


def _progress() -> Select[Any]:
    def count(*conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count())
            .where(RepublishedProcedure.republication_id == Republication.id, *conditions)
            .scalar_subquery()
        )

    return select(
        Republication.id,
        Republication.kind,
        Republication.name,
        Republication.reason,
        Republication.department_id,
        Republication.started_at,
        staff_name(Republication.staff_id),
        count(),
        count(RepublishedProcedure.state == "waiting"),
        count(RepublishedProcedure.state == "failed"),
    )


belongings.declare_owned("republication", Republication.department_id)
