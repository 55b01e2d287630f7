"""Tables that departments share: imported after a look at what changes, published with what uses them, kept by cases."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select

from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Event
from portal.procedures import actions, definition_of, queries, read_csv
from portal.procedures.list_models import SharedList, SharedListVersion
from portal.procedures.lists import create_list, import_list, list_of
from portal.procedures.models import Procedure
from portal.procedures.shared_rows import lists_in_force
from tests.integration.publishing.conftest import CITY, Makers
from tests.kit.jobs import work

FIRST = "code,name,price\nk1,第一小学校,300\nk2,第二小学校,300\n"
SECOND = "code,name,price,from\nk1,第一小学校,300,\nk1,第一学園,350,2030-04-01\nk3,第三小学校,400,\n"
DEFINITION: dict[str, Any] = {
    "procedure": "school-lunch",
    "kind": "notification",
    "title": {"ja": "給食の申込み"},
    "department": "environment",
    "tables": [
        {
            "id": "schools",
            "shared": "primary-schools",
            "columns": {"code": "string", "name": "string", "price": "int"},
            "key": ["code"],
        }
    ],
    "fee": [{"id": "lunch", "label": {"ja": "給食費"}, "amount": "school.price"}],
    "steps": [
        {
            "id": "first",
            "title": {"ja": "学校"},
            "fields": [
                {
                    "id": "school",
                    "type": "choice",
                    "label": {"ja": "学校"},
                    "options": {"table": "schools", "label": "name"},
                }
            ],
        }
    ],
    "workflow": {"preset": "certificate"},
}


@pytest.fixture
def shared(makers: Makers) -> Iterator[Makers]:
    """A list with two rows, and a procedure that uses it."""
    with city_session(CITY) as session:
        department = queries.procedure(session, "dog-registration").department_id
        made = create_list(session, "primary-schools", "市立の小学校", department, SYSTEM)
        import_list(session, made, read_csv(FIRST), SYSTEM, note=None, expected_version=0)
        procedure = session.scalar(select(Procedure).where(Procedure.key == "school-lunch"))
        procedure = procedure or actions.create_procedure(session, "school-lunch", "environment")
        actions.save_draft(session, procedure, json.dumps(DEFINITION, ensure_ascii=False), None)
        actions.publish(session, procedure, None)
    yield makers
    with city_session(CITY) as session:
        queries.procedure(session, "school-lunch").current_version_id = None
        session.execute(delete(SharedListVersion))
        session.execute(delete(SharedList))


def schools(session: Any, version_id: int) -> list[str]:
    return [row["name"] for row in definition_of(session, version_id).tables[0].rows]


def upload(text: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(text.encode("cp932")), "schools.csv")}


def test_an_import_publishes_what_uses_the_list_and_leaves_older_versions_as_they_were(shared: Makers) -> None:
    with city_session(CITY) as session:
        before = queries.procedure(session, "school-lunch").current_version_id
        draft = actions.save_draft(session, queries.procedure(session, "school-lunch"), "procedure: x", None)
        number = draft.number
    page = shared.publisher.post("/desk/lists/primary-schools/preview", upload(SECOND))
    assert page.status_code == 200
    for words in ("給食の申込み", "加わる", "k3", "なくなる", "k2"):
        assert words in page.text
    taken = shared.publisher.post(
        "/desk/lists/primary-schools/import", {"content": SECOND, "seen": "1", "note": "統合のため"}
    )
    assert taken.status_code == 303
    assert "procedures.republish" in work(CITY)
    with city_session(CITY) as session:
        after = queries.procedure(session, "school-lunch").current_version_id
        assert schools(session, before) == ["第一小学校", "第二小学校"]
        assert schools(session, after) == ["第一小学校", "第一学園", "第三小学校"]
        assert queries.draft_of(session, queries.procedure(session, "school-lunch")).number == number + 1
        events = [
            event.data
            for event in session.scalars(select(Event).where(Event.name == "list.imported").order_by(Event.id))
        ]
        assert events[-1] == {"key": "primary-schools", "number": 2, "rows": 3, "procedures": 1}
        actions.discard_draft(session, queries.procedure(session, "school-lunch"))
    page = shared.publisher.get("/desk/lists/primary-schools").text
    assert "統合のため" in page
    assert shared.publisher.get("/desk/lists/primary-schools/1").text.lstrip("\ufeff").replace("\r", "") == FIRST
    back = shared.publisher.post("/desk/lists/primary-schools/preview", {"number": "1"})
    assert back.status_code == 200, back.text
    assert "k2" in back.text.partition("変わる")[0], "the row that went comes back"


def test_a_list_that_breaks_a_procedure_is_not_imported(shared: Makers) -> None:
    without_price = "code,name\nk1,第一小学校\n"
    page = shared.publisher.post("/desk/lists/primary-schools/preview", upload(without_price))
    assert "公開できない手続きがあります" in page.text
    with city_session(CITY) as session, pytest.raises(Invalid):
        import_list(
            session, list_of(session, "primary-schools"), read_csv(without_price), SYSTEM, note=None, expected_version=1
        )


def test_faults_of_a_file_are_named_by_their_line(shared: Makers) -> None:
    page = shared.publisher.post("/desk/lists/primary-schools/preview", upload("code,名前\nk1,x\n"))
    assert (page.status_code, "名前" in page.text) == (422, True)
    page = shared.publisher.post("/desk/lists/primary-schools/preview", upload("code,name\nk1,x\nk2\n,y\n"))
    assert "3行目" in page.text
    assert "4行目" in page.text


def test_who_imported_in_between_is_not_overwritten(shared: Makers) -> None:
    with city_session(CITY) as session:
        import_list(
            session, list_of(session, "primary-schools"), read_csv(SECOND), SYSTEM, note=None, expected_version=1
        )
    late = shared.publisher.post("/desk/lists/primary-schools/import", {"content": FIRST, "seen": "1"})
    assert late.status_code == 409
    with city_session(CITY) as session, pytest.raises(Conflict):
        import_list(
            session, list_of(session, "primary-schools"), read_csv(FIRST), SYSTEM, note=None, expected_version=1
        )


def test_only_publishers_of_the_department_import(shared: Makers) -> None:
    assert shared.stranger.post("/desk/lists/primary-schools/preview", upload(SECOND)).status_code == 403
    assert shared.editor.post("/desk/lists/primary-schools/import", {"content": SECOND}).status_code == 403
    assert shared.editor.get("/desk/lists").status_code == 200
    made = shared.publisher.post("/desk/lists", {"key": "towns", "title": "町名", "department": "environment"})
    assert made.status_code == 303
    again = shared.publisher.post("/desk/lists", {"key": "towns", "title": "町名", "department": "environment"})
    assert again.status_code == 422


def test_a_definition_that_names_no_list_of_the_city_is_not_published(makers: Makers) -> None:
    unknown = json.dumps({**DEFINITION, "procedure": "dog-registration"}, ensure_ascii=False)
    page = makers.publisher.post("/desk/procedures/dog-registration/check", {"draft-source": unknown}).text
    assert "「primary-schools」という共有の表は" in page
    with city_session(CITY) as session:
        assert lists_in_force(session) == {}
