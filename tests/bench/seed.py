"""Fills the city with cases by set-based SQL, so that a hundred thousand take seconds."""

import itertools
import json
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.bench.ground import CITY

_SQL = Path(__file__).with_name("seed.sql")

_SHARES = (
    ("road-damage", 0.40, "point"),
    ("bulky-waste", 0.30, "point"),
    ("road-occupancy", 0.20, "polygon"),
    ("disaster-certificate", 0.10, "point"),
)
"""Procedures with a place, how large a part of the cases is theirs, and what is drawn for them."""


_CHOICES = {"road-damage": "defect", "road-occupancy": "object"}
"""The question whose answer differs from case to case."""

_THINGS = (
    "道路",
    "歩道",
    "街灯",
    "側溝",
    "標識",
    "カーブミラー",
    "植え込み",
    "電柱",
    "マンホール",
    "ベンチ",
    "掲示板",
    "縁石",
)
_MATTERS = (
    "が壊れています",
    "に穴があります",
    "が傾いています",
    "の音がうるさいです",
    "が暗いです",
    "に草が伸びています",
    "に水がたまります",
)
_BESIDES = (
    "駅の北口です",
    "学校の前です",
    "公園の入口です",
    "バス停の横です",
    "保育園の裏です",
    "坂の途中です",
    "踏切のそばです",
    "橋の下です",
)
_CALLERS = 3
"""Telephones for each remark that is put together of these."""

_FILLED = (
    "case_file",
    "case_place",
    "charge",
    "event",
    "case_place_count",
    "case_place_change",
    "case_day_count",
    "case_day_change",
)


def seed(cases: int) -> None:
    """Make so many cases, then let PostgreSQL know them as its nightly upkeep would."""
    from portal.cases.case_counting import fold
    from portal.core.database import SHARED_SCHEMA, city_session, owner_engine, schema_of
    from portal.core.tenancy import city

    lon, lat = city(CITY).center
    with city_session(CITY) as session:
        parts = {
            "kinds": _kinds(session),
            "people": _people(),
            "quarters": _quarters(session),
            "remarks": _remarks(session),
        }
    values: dict[str, Any] = {name: json.dumps(rows, ensure_ascii=False) for name, rows in parts.items()}
    values |= {"cases": cases, "lon": lon, "lat": lat}
    path = {"path": f"{schema_of(CITY)}, {SHARED_SCHEMA}, public"}
    with owner_engine().begin() as connection:
        connection.execute(text("SELECT set_config('search_path', :path, true), setseed(0.5)"), path)
        driver: Any = connection.connection.driver_connection
        search_index = driver.execute("SELECT pg_get_indexdef('ix_case_file_search'::regclass)").fetchone()[0]
        driver.execute("DROP INDEX ix_case_file_search")  # made once over all rows, it is there in a tenth of the time
        for statement in _SQL.read_text(encoding="utf-8").split(";\n"):
            driver.execute(statement, values if "%(" in statement else None)
        driver.execute("SET LOCAL maintenance_work_mem = '512MB'")
        driver.execute(search_index)
    with city_session(CITY) as session:
        fold(session, at_once=True)
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _FILLED:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {schema_of(CITY)}.{table}")


def _kinds(session: Any) -> list[dict[str, Any]]:
    """The procedures with the answers of their own first example, and a state of their workflow for each status."""
    from forms import workflow_of
    from portal.cases.case_layers import place_slots
    from portal.cases.search_index import line_terms
    from portal.procedures.queries import offer

    kinds = []
    since = 0.0
    for key, share, shape in _SHARES:
        definition = offer(session, key).definition
        title = definition.title.for_language("ja")
        kinds.append(
            {
                "since": since,
                "until": since + share if key != _SHARES[-1][0] else 1.1,
                "procedure_key": key,
                "title": title,
                "bigrams": _sealed(line_terms([title])),
                "shape": shape,
                "field": next(slot for slot, _place in place_slots(definition)),
                "answers": definition.examples[0].answers,
                "facts": definition.examples[0].facts,
                "fee": {"lines": [], "total": 0, "due": {"submission": 0, "approved": 0}},
                **_choice(definition, _CHOICES.get(key)),
                "states": {state.status: state.id for state in reversed(list(workflow_of(definition).states.values()))},
            }
        )
        since += share
    return kinds


def _choice(definition: Any, question: str | None) -> dict[str, Any]:
    options = [option.id for option in definition.fields[question].options] if question else []
    return {"choice": question, "options": options}


def _remarks(session: Any) -> list[dict[str, Any]]:
    """Answers in words with the telephone of who gave them, as terms of the search. Those that come first are written most often."""
    from portal.cases.search_index import search_terms
    from portal.procedures.queries import offer

    definition = offer(session, "road-occupancy").definition
    parts = itertools.product(_THINGS, _MATTERS, _BESIDES, range(_CALLERS))
    return [
        {"n": n, "bigrams": _sealed(search_terms(definition, answers, line=(), place="", contact=None))}
        for n, (thing, matter, beside, _caller) in enumerate(parts)
        for answers in [
            {"purpose": f"{thing}{matter}。{beside}。", "phone": f"+8142{5_000_000 + 7_919 * n % 5_000_000}"}
        ]
    ]


def _people() -> list[dict[str, Any]]:
    from portal.cases.search_index import line_terms
    from portal.core.sealed import SealedText
    from portal.demo.cases import FAMILIES, GIVEN

    names = [f"{family} {given_name}" for family in FAMILIES for given_name in GIVEN]
    kind = SealedText("case_file.applicant_name")
    return [{"n": n, "name": kind.sealed(name), "bigrams": _sealed(line_terms([name]))} for n, name in enumerate(names)]


def _sealed(terms: list[str]) -> list[str]:
    """Terms as the column keeps them."""
    from portal.core.sealed import term_of

    return [term_of(term) for term in terms]


def _quarters(session: Any) -> list[dict[str, Any]]:
    from portal.cases.search_index import word_terms
    from portal.core.sealed import SealedText

    named = text(
        "SELECT DISTINCT feature.properties ->> 'name' FROM layer JOIN layer_feature AS feature"
        " ON feature.layer_id = layer.id WHERE layer.key = 'place-names'"
    )
    kind = SealedText("case_file.place_label")
    return [
        {"name": name, "sealed": kind.sealed(name), "bigrams": _sealed(word_terms([name]))}
        for name in session.scalars(named)
    ]
