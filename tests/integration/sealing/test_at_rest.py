"""What the database holds of a person without the keys: nothing that was typed; and what was there in clear is sealed by a command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, select, text
from sqlalchemy.orm import Session

from forms.fields import FIELD_TYPES
from portal.cases.answers import OPEN_TYPES, open_answers
from portal.cases.keepable import keepable_items
from portal.cases.messages import messages_of, send_message
from portal.cases.models import Case, Draft
from portal.cases.notices import contact_address
from portal.cases.search_index import word_terms
from portal.cli import main
from portal.cli.checks.records import sealing_keys
from portal.core import crypto
from portal.core.config import settings
from portal.core.database import city_session, owner_engine
from portal.core.events import Actor
from portal.core.models import CityBase
from portal.core.sealed import SEALED, term_of
from portal.files import StoredFile, open_for_applicant
from portal.identity.models import Account
from portal.identity.resident_accounts import account_email, sign_in_account
from portal.profiles import keep_items
from portal.sealing import counting
from portal.sealing.actions import reseal
from portal.sealing.counting import count_waiting
from portal.sealing.jobs import count as count_at_night
from portal.sealing.registry import ANSWERS, SEALED_BYTES
from tests.kit.answers import DOG, PERSON, occupancy
from tests.kit.city import begin, inhabited, send

CITY = "hino"
EMAIL = "misaki.at.rest@example.jp"


@pytest.fixture(scope="module")
def case_id() -> Iterator[int]:
    """An application of somebody with an account, with a message of theirs, of which they keep everything for next time."""
    with inhabited([CITY], ("dog-registration", "road-occupancy")):
        with city_session(CITY) as session:
            case = send(session, begin(session, "dog-registration", DOG, sign_in_account(session, EMAIL, "ja")))
            send_message(
                session, case, Actor("applicant", case.account_id, case.applicant_name), "留守は090-1111-2222へ"
            )
            keep_items(session, case.account_id or 0, keepable_items(session, [case]))
            made = case.id
        yield made


def database_dump(session: Session) -> str:
    """Every row of every table of the city, as the database has it."""
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all()
    own = [
        table for table in tables if table not in {"layer", "layer_feature", "procedure_version", "staff", "department"}
    ]
    return "\n".join(
        str(row) for table in own for row in session.scalars(text(f'SELECT CAST(t AS text) FROM "{table}" AS t')).all()
    )


def words_of_the_person() -> list[str]:
    name, address = PERSON["name"], PERSON["address"]
    assert isinstance(name, dict)
    assert isinstance(address, dict)
    return [
        *name.values(),
        *(str(part) for part in address.values() if len(str(part)) > 3),
        str(PERSON["phone"]),
        str(PERSON["phone"])[-8:],
        EMAIL,
        "090-1111-2222",
        str(DOG["dog_name"]),
    ]


def test_nothing_that_was_typed_is_in_any_table(case_id: int) -> None:
    with city_session(CITY) as session:
        stored = database_dump(session)
        assert "dog-registration" in stored, "what is looked into is the city's own tables"
        assert [word for word in words_of_the_person() if word in stored] == []
        case = session.get_one(Case, case_id)
        assert case.applicant_name == "佐藤 美咲" == open_answers_name(case)
        assert account_email(session, case.account_id or 0) == EMAIL == contact_address(session, case)


def open_answers_name(case: Case) -> str:
    name = open_answers(CITY, case.answers)["name"]
    return f"{name['family']} {name['given']}"


def test_the_same_address_finds_the_same_account(case_id: int) -> None:
    with city_session(CITY) as session:
        assert sign_in_account(session, EMAIL, "ja") == sign_in_account(session, EMAIL, "ja")
        assert len(session.scalars(select(Account.id)).all()) == 1


def test_a_type_of_question_is_sealed_unless_it_is_listed_as_not_personal() -> None:
    assert FIELD_TYPES.keys() >= OPEN_TYPES
    for kind in (
        "person_name",
        "person_kana",
        "birthday",
        "address",
        "phone",
        "email",
        "bank_account",
        "text",
        "long_text",
    ):
        assert kind in FIELD_TYPES
        assert kind not in OPEN_TYPES


def put_in_clear(case_id: int) -> None:
    """The case, its account and its draft as an earlier version of the portal wrote them."""
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        plain = {
            "name": case.applicant_name,
            "label": case.place_label,
            "terms": word_terms([case.title, case.applicant_name, case.place_label]),
            "answers": open_answers(CITY, case.answers),
            "draft": open_answers(CITY, session.get_one(Draft, case.draft_id).answers),
            "email": EMAIL,
            "case": case_id,
            "account": case.account_id,
            "draft_id": case.draft_id,
        }
    plain |= {key: json.dumps(plain[key], ensure_ascii=False) for key in ("answers", "draft")}
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = city_{CITY}, public")
        for statement in (
            "UPDATE case_file SET applicant_name = :name, place_label = :label, search_bigrams = :terms,"
            " answers = CAST(:answers AS jsonb) WHERE id = :case",
            "UPDATE draft SET answers = CAST(:draft AS jsonb) WHERE id = :draft_id",
            "UPDATE account SET email = :email WHERE id = :account",
            "INSERT INTO staff_sign_in (outcome, address, at) VALUES ('wrong', '203.0.113.77', now())",
        ):
            connection.execute(text(statement), plain)


def counted() -> int:
    with city_session(CITY) as session:
        return count_waiting(session)


def test_the_doctor_advises_to_reseal_until_nothing_is_under_an_older_key(case_id: int, spare_keys: Path) -> None:
    reseal(CITY, lambda *_: None)
    count_at_night()
    assert sealing_keys().level == "ok"
    CliRunner().invoke(main, ["keys", "rotate"])
    advice = sealing_keys()
    assert advice.level == "advice", "a key that was added since the last count makes the doctor count"
    assert f"{CITY}: " in advice.detail
    assert "madoguchi keys reseal" in advice.fix
    count_at_night()
    assert sealing_keys().detail == advice.detail
    done = CliRunner().invoke(main, ["keys", "reseal"])
    assert done.exit_code == 0, done.output
    assert sealing_keys().level == "ok"


def test_what_is_counted_is_what_is_sealed_again(case_id: int, spare_keys: Path) -> None:
    with city_session(CITY) as session:
        send(session, begin(session, "road-occupancy", occupancy(3)))
    reseal(CITY, lambda *_: None)
    crypto.add_key()
    before, sealed = counted(), reseal(CITY, lambda *_: None)
    assert before == sealed > 10
    assert counted() == 0


def test_counting_stops_where_it_makes_no_difference(case_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED_UP_TO", 1)
    monkeypatch.setattr(counting, "newest_prefix", lambda: f"{SEALED}????")
    assert 0 < counted() <= len(list(counting._older()))


def test_what_is_still_in_clear_is_read_and_then_sealed(case_id: int) -> None:
    put_in_clear(case_id)
    assert counted() == 4, "name, place, account and sign-in; answers in clear are not told from open ones"
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        assert case.applicant_name == "佐藤 美咲" == open_answers_name(case)
        assert "美咲" in database_dump(session)
    done = CliRunner().invoke(main, ["keys", "reseal", "--city", CITY])
    assert done.exit_code == 0, done.output
    assert "case_file.applicant_name: 1" in done.output
    with city_session(CITY) as session:
        stored = database_dump(session)
        assert [word for word in [*words_of_the_person(), "203.0.113.77"] if word in stored] == []
        case = session.get_one(Case, case_id)
        assert case.applicant_name == "佐藤 美咲" == open_answers_name(case)
        assert {term_of(term) for term in word_terms(["佐藤"])} <= set(case.search_bigrams)
    assert reseal(CITY, lambda *_: None) == 0, "a second run has nothing to do"
    assert counted() == 0


@pytest.fixture
def spare_keys() -> Iterator[Path]:
    """The ring of keys, put back as it was once everything is under its old key again."""
    path = settings().instance_path / "keys" / "data.json"
    before = path.read_text()
    yield path
    keys = json.loads(path.read_text())
    old = next(iter(json.loads(before)))
    path.write_text(json.dumps({**{key: value for key, value in keys.items() if key != old}, old: keys[old]}))
    reseal(CITY, lambda *_: None)
    path.write_text(before)


def test_a_new_key_seals_everything_again(case_id: int, spare_keys: Path) -> None:
    with city_session(CITY) as session:
        send(session, begin(session, "road-occupancy", occupancy()))
    done = CliRunner().invoke(main, ["keys", "rotate"])
    assert done.exit_code == 0, done.output
    assert spare_keys.stat().st_mode & 0o077 == 0
    changed = reseal(CITY, lambda *_: None)
    assert changed > 10
    newest = list(json.loads(spare_keys.read_text()).items())[-1]
    both = spare_keys.read_text()
    spare_keys.write_text(json.dumps(dict([newest])))
    try:
        with city_session(CITY) as session:
            case = session.get_one(Case, case_id)
            assert case.applicant_name == "佐藤 美咲" == open_answers_name(case)
            assert contact_address(session, case) == EMAIL
            assert [message.body for message in messages_of(session, case_id)] == ["留守は090-1111-2222へ"]
            files = session.scalars(select(StoredFile)).all()
            assert files, "the picture that came with the permit"
            assert all(open_for_applicant(session, file) and file.name == "写真.png" for file in files)
    finally:
        spare_keys.write_text(both)


def test_a_process_that_runs_seals_and_reads_under_a_key_added_by_another(case_id: int, spare_keys: Path) -> None:
    before = crypto.seal_column("case_file.applicant_name", "佐藤".encode())
    rotate = [sys.executable, "-m", "portal.cli", "keys", "rotate"]
    output = subprocess.run(rotate, capture_output=True, text=True, check=True).stdout
    after = crypto.seal_column("case_file.applicant_name", "佐藤".encode())
    assert after[:4].hex() in output
    assert before[:4] != after[:4]
    for sealed in (before, after):
        assert crypto.open_column("case_file.applicant_name", sealed).decode() == "佐藤"


def test_every_column_of_bytes_is_sealed_again_or_is_a_digest() -> None:
    sealed = {str(each.column) for each in SEALED_BYTES}
    bytes_columns = {
        str(column)
        for table in CityBase.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, LargeBinary)
    }
    digests = {
        *(
            "account.email_fingerprint",
            "staff.enrol_digest",
            "staff_invitation.token_digest",
            "audit_check.head",
            "event.hash",
            "event.prev_hash",
        ),
        *(
            "browser_case.browser",
            "case_consent.code_digest",
            "case_consent.proof_digest",
            "case_consent.token_digest",
            "browser_draft.browser",
            "known_device.device",
            "known_device.person",
            "login_code.browser",
            "login_code.code_digest",
        ),
        *(
            "login_code.token_digest",
            "document.content_hash",
            "document.digest",
            "kept_plan.token_digest",
            "payment_link.token_digest",
            "planned_publication.digest",
            "program_key.digest",
            "procedure_version.digest",
            "rate_limit.key",
            "stored_file.sha256",
            "web_session.digest",
        ),
    }
    assert sealed <= bytes_columns
    shown_to_everybody = {"procedure_picture.content", "signing_certificate.certificate"}
    assert bytes_columns - sealed == digests | shown_to_everybody
    answers = {
        str(column) for table in CityBase.metadata.sorted_tables for column in table.c if column.name == "answers"
    }
    assert answers == {str(column) for column in ANSWERS}


def test_a_sealed_value_opens_in_its_own_column_alone() -> None:
    sealed = crypto.seal_column("account.email", b"x")
    with pytest.raises(crypto.SealBroken):
        crypto.open_column("account.name", sealed)
    assert SEALED == "sealed:"
