"""The visitors who request the pages: visits of residents and of staff as rows, and applications that they have under way."""

import copy
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.bench.ground import CITY

CSRF = "the same in every visit of the bench"
FIRST_DRAFT = 5_000_000
"""Ids of the applications made here begin above all others, so that captured statements show which they are."""


@dataclass(frozen=True)
class Drafts:
    """Applications that are alike but for their ids: number n has the id `first + n` and belongs to the visit `token(n)`."""

    name: str
    first: int
    count: int

    def public_id(self, n: int) -> str:
        """The values in addresses."""
        return f"{self.name}-{n}"

    def token(self, n: int) -> str:
        """The cookie of the visit that the application belongs to."""
        return f"{self.name}-{n}"


STAFF = "staff-0"
"""The cookie that `staff_visit` makes."""


def staff_visit() -> str:
    """The cookie of a signed-in clerk of every department."""
    from portal.core.database import city_session
    from portal.identity.models import Staff

    with city_session(CITY) as session:
        staff_id = session.query(Staff.id).filter(Staff.email.like("tanaka@%")).scalar()
        add_visits(session, "staff", 1, {"csrf_token": CSRF, "staff_id": staff_id}, staff_id=staff_id)
    return STAFF


def reports(count: int, first: int) -> Drafts:
    """Reports of a damaged road, filled in to the end, by people who did not sign in."""
    return _drafts("report", "road-damage", count, first, without=("photos",))


def permits(name: str, count: int, first: int, *, signed_in: bool = True) -> Drafts:
    """Applications for the occupation of a road, filled in to the end and with a drawing, by a signed-in resident."""
    return _drafts(name, "road-occupancy", count, first, signed_in=signed_in, attached="plans")


def _drafts(
    name: str,
    key: str,
    count: int,
    first: int,
    *,
    without: tuple[str, ...] = (),
    signed_in: bool = False,
    attached: str | None = None,
) -> Drafts:
    """Make the first one as the portal does, the others from its row."""
    from portal.cases import drafts
    from portal.core.database import city_session
    from portal.identity.resident_accounts import sign_in_account
    from portal.procedures.queries import offer

    with city_session(CITY) as session:
        account = sign_in_account(session, "resident@example.jp", "ja") if signed_in else None
        chosen = offer(session, key)
        answers = example_answers(session, chosen.definition, without=without, attached=attached)
        model = drafts.start(session, chosen, account_id=account, language="ja")
        drafts.save_answers(session, model, chosen.definition, answers)
        model.done_steps = [step.id for step in chosen.definition.steps]
        session.flush()
        made = Drafts(name, first, count)
        session.execute(
            text("""
                INSERT INTO draft (id, public_id, procedure_key, version_id, account_id, answers, facts, done_steps,
                    language, created_at, saved_at, expires_at)
                SELECT :first + n, :name || '-' || n, procedure_key, version_id, account_id, answers,
                    facts, done_steps, language, created_at, saved_at, expires_at
                FROM draft, generate_series(0, :count - 1) AS n WHERE id = :model
            """),
            {"first": first, "name": name, "count": count, "model": model.id},
        )
        if attached:
            attach_files(session, made, chosen.definition, answers, attached)
        visit: dict[str, Any] = {"csrf_token": CSRF, "drafts": ["DRAFT"]}
        if account is not None:
            visit["account_id"] = account
        add_visits(session, name, count, visit, account_id=account)
    return made


def example_answers(
    session: Session, definition: Any, *, without: Collection[str] = (), attached: str | None = None
) -> dict[str, Any]:
    """What the procedure's first example answers, for today and for this city; `attached` is the question that gets a file."""
    from portal.core.clock import today

    answers = copy.deepcopy(dict(definition.examples[0].answers))
    for omitted in without:
        answers.pop(omitted, None)
    if "found_on" in answers:
        answers["found_on"] = today().isoformat()
    if "period" in answers:
        days = (today() + timedelta(days=200), today() + timedelta(days=240))
        answers["period"] = {"start": days[0].isoformat(), "end": days[1].isoformat()}
    if "area" in answers:
        answers["area"] = {"geometry": _strip_of_road(session), "source": "drawn"}
    if attached:
        answers[attached] = [{"id": "FILE", "name": "平面図.pdf", "size": 9, "media_type": "application/pdf"}]
    return answers


def _strip_of_road(session: Session) -> Any:
    """Twelve metres of a road near the middle of the city, one metre wide."""
    from portal.core.tenancy import city

    lon, lat = city(CITY).center
    geometry = session.scalar(
        text("""
            SELECT ST_AsGeoJSON(ST_MakeEnvelope(ST_X(spot), ST_Y(spot), ST_X(spot) + 0.00013, ST_Y(spot) + 0.00001), 7)
            FROM layer
            JOIN layer_feature AS feature ON feature.layer_id = layer.id
            CROSS JOIN LATERAL ST_PointOnSurface(feature.geom) AS spot
            WHERE layer.key = 'city-roads'
            ORDER BY feature.geom <-> ST_SetSRID(ST_Point(:lon, :lat), 4326)
            LIMIT 1
        """),
        {"lon": lon, "lat": lat},
    )
    return json.loads(geometry)


def attach_files(session: Session, made: Drafts, definition: Any, answers: dict[str, Any], field: str) -> None:
    """Give each application a file of its own, and let its answers name that."""
    from portal.cases.answers import seal_answers

    session.execute(
        text("""
            INSERT INTO stored_file (public_id, draft_id, field, name, media_type, size, sha256, scan, uploaded_at)
            SELECT :name || '-' || n, :first + n, :field, '平面図.pdf', 'application/pdf', 9, sha256('bench'), 'clean', now()
            FROM generate_series(0, :count - 1) AS n
        """),
        {"name": made.name, "first": made.first, "count": made.count, "field": field},
    )
    names = {}  # answers that say what a file is called are sealed, so each is sealed again
    for n in range(made.count):
        own = [{**file, "id": made.public_id(n)} for file in answers[field]]
        names[made.first + n] = seal_answers(CITY, definition, {field: own})
    session.execute(
        text("""
            UPDATE draft SET answers = answers || named.own
            FROM jsonb_each(CAST(:names AS jsonb)) AS named (id, own) WHERE draft.id = named.id::bigint
        """),
        {"names": json.dumps(names)},
    )


def add_visits(session: Session, name: str, count: int, data: dict[str, Any], **who: int | None) -> None:
    """Sessions whose token is `<name>-<n>`; what they may open is theirs alone."""
    session.execute(
        text("""
            INSERT INTO web_session (digest, data, staff_id, account_id, created_at, seen_at, expires_at)
            SELECT sha256(convert_to(:name || '-' || n, 'UTF8')),
                replace(:data, '"DRAFT"', to_json(:name || '-' || n)::text)::jsonb,
                CAST(:staff AS bigint), CAST(:account AS bigint), now(), now(), now() + interval '12 hours'
            FROM generate_series(0, :count - 1) AS n
        """),
        {
            "name": name,
            "count": count,
            "data": json.dumps(data),
            "staff": who.get("staff_id"),
            "account": who.get("account_id"),
        },
    )
