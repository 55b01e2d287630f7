"""Reading standard texts: all of departments, and those that fit a case."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.standard_texts.models import StandardText


def texts_of(session: Session, department_ids: Collection[int]) -> Sequence[StandardText]:
    """Every text of these departments, by kind and title."""
    query = select(StandardText).where(StandardText.department_id.in_(department_ids))
    return session.scalars(query.order_by(StandardText.kind, StandardText.title, StandardText.id)).all()


def texts_for(
    session: Session, department_ids: Collection[int], procedure_keys: Collection[str], *, kind: str
) -> Sequence[StandardText]:
    """The texts of a kind that these departments have for one of these procedures, those of a procedure before those for all."""
    query = select(StandardText).where(
        StandardText.department_id.in_(department_ids),
        StandardText.kind == kind,
        or_(StandardText.procedure_key.is_(None), StandardText.procedure_key.in_(procedure_keys)),
    )
    order = (StandardText.procedure_key.is_(None), StandardText.title, StandardText.id)
    return session.scalars(query.order_by(*order)).all()


def standard_text(session: Session, text_id: int) -> StandardText:
    """A text. Raises NotFound."""
    row = session.get(StandardText, text_id)
    if row is None:
        raise NotFound
    return row
