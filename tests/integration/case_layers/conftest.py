"""日野市 with a market whose plots are applied for: one application as it came in, and one that is permitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import load
from portal.cases.models import Case, CasePlace
from portal.core.clock import today
from portal.core.database import city_session
from portal.procedures import actions as procedures
from portal.procedures import queries
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, inhabited, send
from tests.kit.serving import serving

CITY, THERE = "hino", "mitaka"
CENTRE = (139.3950, 35.6713)
MARKET = "market-plots"
SOURCE = Path(__file__).with_name("plots.yaml").read_text(encoding="utf-8")
STAFF, PUBLIC = f"cases.{MARKET}.site", f"public.{MARKET}.site"
PLOTS = f"cases.{MARKET}.faces.plot"


@dataclass
class Market:
    """Who asks, and the two cases."""

    anybody: Browser
    clerk: Browser
    inspector: Browser
    cashier: Browser
    citizens: Browser
    elsewhere: Browser
    waiting: int
    permitted: int


def answers(use: str, motto: str, *, start: int = -5) -> dict[str, Any]:
    first = today() + timedelta(days=start)
    faces = [
        {
            "tables": tables,
            "keeper": {"family": "出店", "given": "花子"},
            "plot": {"geometry": rectangle(20 * tables, 0, 10, 10, CENTRE), "source": "drawn"},
        }
        for tables in (1, 2)
    ]
    return {
        "period": {"start": str(first), "end": str(first + timedelta(days=30))},
        "use": use,
        "name": {"family": "市場", "given": "太郎"},
        "motto": motto,
        "site": {"geometry": {"type": "Point", "coordinates": list(CENTRE)}, "source": "drawn"},
        "faces": faces,
    }


def publish(session: Session, key: str, source: str) -> None:
    """Publish a definition as a new version of its procedure."""
    procedure = queries.find_procedure(session, key) or procedures.create_procedure(
        session, key, load(source).department
    )
    procedures.save_draft(session, procedure, source, None)
    procedures.publish(session, procedure, None)


def apply(use: str, motto: str, **more: int) -> int:
    """Somebody applies; the id of the case."""
    with city_session(CITY) as session:
        return send(session, begin(session, MARKET, answers(use, motto, **more))).id


def put_in_state(case_id: int, state: str, status: str) -> None:
    """Let a case be in a state, as a move leaves it."""
    with city_session(CITY) as session:
        session.execute(update(Case).where(Case.id == case_id).values(state=state, status=status))
        session.execute(update(CasePlace).where(CasePlace.case_id == case_id).values(state=state, status=status))


def number_of(case_id: int) -> str:
    with city_session(CITY) as session:
        return session.scalars(select(Case.number).where(Case.id == case_id)).one()


@pytest.fixture(scope="package")
def market(app: Flask) -> Iterator[Market]:
    """See above."""
    with inhabited([CITY, THERE], ()):
        with city_session(CITY) as session:
            publish(session, MARKET, SOURCE)
        waiting, permitted = apply("shop", "焼きそば"), apply("stage", "太鼓")
        put_in_state(permitted, "approved", "ok")
        for email, roles in (
            ("clerk@example.jp", {"road-management": ("clerk", "publisher")}),
            ("inspector@example.jp", {"road-management": ("inspector",)}),
            ("cashier@example.jp", {"road-management": ("cashier",)}),
            ("citizens@example.jp", {"citizens": ("clerk", "decider")}),
        ):
            hire(CITY, email, roles)
        hire(THERE, "there@example.jp", {"road-management": ("clerk",)})
        desk = {name: Browser(app, CITY).sign_in_at_desk(f"{name}@example.jp") for name in _AT_DESK}
        there = Browser(app, THERE).sign_in_at_desk("there@example.jp")
        yield Market(Browser(app, CITY), **desk, elsewhere=there, waiting=waiting, permitted=permitted)


_AT_DESK = ("clerk", "inspector", "cashier", "citizens")


@pytest.fixture(scope="package")
def served(app: Flask, market: Market) -> Iterator[str]:
    """The address of the city's host, answered by a server on a port of its own."""
    with serving(app) as port:
        yield f"http://{CITY}.localhost:{port}"
