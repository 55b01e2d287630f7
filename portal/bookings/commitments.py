"""The seed of a lottery before it is drawn: made at random while applications are taken, sealed, and promised in public by its fingerprint.

Who reads the fingerprint while the window is open can see after the draw that the seed was not chosen to suit the entries.
"""

import hashlib
import secrets

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.bookings.models import LotterySeed
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of

ENCRYPTION_CONTEXT = b"lottery_seed"
_BYTES = 16


def fingerprint(seed: str) -> str:
    """The SHA-256 (FIPS 180-4) of a seed in UTF-8, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def commit(session: Session, procedure_key: str, rule: str, edition: str) -> LotterySeed | None:
    """Make the seed of a lottery and promise it; None where it is promised already."""
    seed = secrets.token_hex(_BYTES)
    made = session.scalar(
        insert(LotterySeed)
        .values(
            procedure_key=procedure_key,
            rule=rule,
            edition=edition,
            seed=seal(city_of(session), seed.encode(), ENCRYPTION_CONTEXT),
            fingerprint=fingerprint(seed),
            committed_at=now(),
        )
        .on_conflict_do_nothing()
        .returning(LotterySeed)
    )
    session.flush()
    return made


def commitment(session: Session, procedure_key: str, rule: str, edition: str) -> LotterySeed | None:
    """The promise of a lottery that is not drawn yet."""
    return session.scalar(select(LotterySeed).where(*_of(procedure_key, rule, edition)))


def reveal(session: Session, promised: LotterySeed) -> str:
    """The seed in the open; its sealed copy is gone, the draw keeps seed and promise."""
    seed = open_sealed(city_of(session), promised.seed, ENCRYPTION_CONTEXT).decode()
    session.execute(delete(LotterySeed).where(LotterySeed.id == promised.id))
    return seed


def _of(procedure_key: str, rule: str, edition: str) -> tuple[ColumnElement[bool], ...]:
    return (
        LotterySeed.procedure_key == procedure_key,
        LotterySeed.rule == rule,
        LotterySeed.edition == edition,
    )
