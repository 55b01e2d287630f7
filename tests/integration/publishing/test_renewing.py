"""After an upgrade to a new version of the language, the worker makes the trees of published texts anew."""

from typing import Any

import pytest
from sqlalchemy import update

from portal.core.database import city_session
from portal.procedures import definitions, queries
from portal.procedures.jobs import renew_documents
from portal.procedures.models import ProcedureVersion
from portal.procedures.renewing import versions_to_renew
from portal.procedures.shelf import Shelf
from tests.integration.publishing.conftest import CITY, Makers
from tests.integration.publishing.test_editing import SOURCE, save
from tests.integration.publishing.test_releasing import publish


def change(version_id: int, **values: Any) -> None:
    with city_session(CITY) as session:
        session.execute(update(ProcedureVersion).where(ProcedureVersion.id == version_id).values(values))


def test_trees_are_made_anew_and_texts_stay_as_they_were_published(
    makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SOURCE.replace('amount: "3000"', "amount: 3000 / 7 * 7", 1)
    save(makers.publisher, text)
    publish(makers.publisher)
    with city_session(CITY) as session:
        live = queries.procedure(session, "dog-registration").current_version_id
        assert live not in versions_to_renew(session)
    assert live is not None
    change(live, language=1, document_language=1)
    renew_documents()
    with city_session(CITY) as session:
        version = session.get_one(ProcedureVersion, live)
        assert (version.source, version.language) == (text, 1)
        assert version.document["fee"][0]["amount"] == "int(3000 / 7) * 7"
        assert live not in versions_to_renew(session)
    change(live, source="not read")
    monkeypatch.setattr(definitions, "_shelf", Shelf(room=100_000))
    with city_session(CITY) as session:
        assert definitions.definition_of(session, live).fee[0].amount == "int(3000 / 7) * 7"
    change(live, source=text, language=2)


def test_a_text_that_cannot_be_read_any_more_keeps_no_other_from_being_renewed(makers: Makers) -> None:
    with city_session(CITY) as session:
        broken, sound = (
            queries.procedure(session, key).current_version_id for key in ("dog-registration", "road-occupancy")
        )
        document = session.get_one(ProcedureVersion, broken).document
        source = session.get_one(ProcedureVersion, broken).source
    assert broken is not None
    assert sound is not None
    change(broken, document_language=1, source="procedure: [")
    change(sound, document_language=1)
    renew_documents()
    with city_session(CITY) as session:
        assert versions_to_renew(session) == [broken]
        assert session.get_one(ProcedureVersion, broken).document == document
    change(broken, document_language=2, source=source)
