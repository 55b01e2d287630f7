"""Cities with departments, procedures, map layers and staff, in which tests may commit; swept when the tests are over."""

import io
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import load
from portal import files
from portal.cases import drafts
from portal.cases.models import Case, Draft
from portal.cases.submission import submit
from portal.core.clock import now
from portal.core.database import city_of, city_session
from portal.demo.cities import DEPARTMENTS
from portal.demo.map_layers import load_demo_layers, use_demo_layers
from portal.identity.actions import create_staff
from portal.identity.models import Department, Staff
from portal.procedures import actions as procedures
from portal.procedures import queries
from tests.instance import scratch_city_alone
from tests.kit.catalogue import shipped_source
from tests.kit.jobs import forget_jobs
from tests.kit.people import PASSWORD, SECRET
from tests.kit.pictures import photo
from tests.kit.sweep import sweep


@contextmanager
def inhabited(cities: Iterable[str], keys: Iterable[str]) -> Iterator[None]:
    """Those cities, alone among all test processes, open for those procedures; empty again at the end."""
    with scratch_city_alone():
        for city in cities:
            sweep(city)
            _furnish(city, keys)
        try:
            yield
        finally:
            for city in cities:
                forget_jobs(city)
                sweep(city)


def _furnish(city: str, keys: Iterable[str]) -> None:
    with city_session(city) as session:
        furnish(session, {key: shipped_source(key) for key in keys})
        load_demo_layers(session, city)
        use_demo_layers(session)


def furnish(session: Session, sources: Mapping[str, str]) -> None:
    """Add the departments of the session's city, and publish those definitions in them, by key."""
    city = city_of(session)
    for sort, (key, by_city) in enumerate(DEPARTMENTS.items()):
        session.add(Department(key=key, title={"ja": by_city[city][0]}, phone="042-585-1111", sort=sort))
    session.flush()
    for key, source in sources.items():
        procedure = procedures.create_procedure(session, key, load(source).department)
        procedures.save_draft(session, procedure, source, None)
        procedures.publish(session, procedure, None)


def hire(city: str, email: str, roles: Mapping[str, Iterable[str]]) -> int:
    """Take on a member of staff with roles by department key; return the id."""
    with city_session(city) as session:
        return employ(session, email, roles).id


def employ(session: Session, email: str, roles: Mapping[str, Iterable[str]], name: str = "試験 職員") -> Staff:
    """The same inside a session; return the row."""
    departments = {department.key: department.id for department in session.scalars(select(Department))}
    roles_by_department = {departments[key]: set(names) for key, names in roles.items()}
    staff, _uri = create_staff(session, email, name, PASSWORD, roles_by_department, totp_secret=SECRET)
    return staff


def begin(session: Session, key: str, answers: Mapping[str, Any], account_id: int | None = None) -> Draft:
    """A draft with those answers; a file question gets a picture that went through the inspection."""
    offer = queries.offer(session, key)
    draft = drafts.start(session, offer, account_id=account_id, language="ja")
    draft_answers = dict(answers)
    for field_id, field in offer.definition.fields.items():
        if field.type in {"file", "photo"} and field_id in draft_answers:
            upload = files.Upload("写真.png", io.BytesIO(photo("PNG")))
            stored = [files.receive(session, draft.id, field_id, upload)]
            draft_answers[field_id] = [files.reference(file) for file in stored]
    drafts.save_answers(session, draft, offer.definition, draft_answers)
    draft.done_steps = [step.id for step in offer.definition.steps]
    session.flush()
    return draft


def bare_case(session: Session, key: str, number: str = "日-1123-00001") -> Case:
    """A case as a row alone: nothing was recorded, mailed or charged for it."""
    offer = queries.offer(session, key)
    case = Case(
        number=number,
        public_id=secrets.token_hex(8),
        procedure_key=offer.key,
        version_id=offer.version_id,
        department_id=offer.department_id,
        state="new",
        status="new",
        title=offer.definition.title.for_language("ja"),
        applicant_name="佐藤 美咲",
        place_label="",
        language="ja",
        answers={},
        facts={},
        fee={},
        search_bigrams=[],
        submitted_at=now(),
        due_on=date(2026, 12, 1),
        updated_at=now(),
    )
    session.add(case)
    session.flush()
    return case


def send(session: Session, draft: Draft) -> Case:
    """The case of a draft, as the button that sends makes it."""
    return submit(session, draft, queries.offer(session, draft.procedure_key).definition)
