"""Procedures applied for together: one sending, a case for each, files with both, what waits for another's decision."""

import io
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from portal import files
from portal.audit.actions import check
from portal.cases import drafts, retention
from portal.cases.bundle_member import CALLED_OFF, FAILED, WAITING
from portal.cases.bundle_models import Bundle
from portal.cases.bundles import (
    cases_of_bundle,
    discard_bundle,
    find_bundle,
    leave_out,
    members_of,
    purge_empty,
    start_bundle,
)
from portal.cases.bundles import waiting as bundle_waiting
from portal.cases.bundles.submission import submit_bundle
from portal.cases.bundles.withdrawal import seen_together, withdraw_together, withdrawable
from portal.cases.carried import PLAN, from_source
from portal.cases.models import Case, Draft
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.cases.review_digest import ReviewOutdated, digest_reviews
from portal.cases.submission import judge
from portal.cases.versions import Outdated
from portal.core.clock import frozen, now, today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.files.models import StoredFile
from portal.payments import payments_of_case
from portal.procedures import actions as procedures
from portal.procedures import queries
from tests.integration.cases.definitions import COPIES, REGISTRATION
from tests.integration.statements.conftest import counted
from tests.kit.letters import letters_to
from tests.kit.office import Office
from tests.kit.pictures import photo

NAME = {"family": "佐藤", "given": "美咲"}
FILE = "      - {id: proof, type: file, label: {ja: 証明する書類}, required: false}\n"
WITH_FILE = REGISTRATION.replace("fee:\n", FILE + "fee:\n")
AFTER = (
    COPIES.replace("fee:\n", FILE + "fee:\n")
    + """routing:
  after: [test-registration]
"""
)
COLLECTED = (
    COPIES[: COPIES.index("      - {id: copies")]
    + """      - id: collect_on
        type: date
        label: {ja: 収集日}
        min: today
        max: today+90d
        offer: {on_the_day: {title: {ja: 試験用の収集}, to_do: {ja: "「{number}」と書いた紙を貼ってください。"}}}
workflow: {preset: notification}
"""
)
PERMIT = WITH_FILE[: WITH_FILE.index("fee:")] + "workflow: {preset: permit}\n"
FULL: Mapping[str, Mapping[str, Any]] = {
    "test-registration": {"name": NAME},
    "test-copies": {"name": NAME, "copies": 2, "exempt": False},
}


def publish(office: Office, key: str, source: str) -> None:
    procedure = queries.procedure(office.session, key)
    procedures.save_draft(office.session, procedure, source, None)
    procedures.publish(office.session, procedure, None)


def begin(office: Office, *keys: str, answers: Mapping[str, Mapping[str, Any]] = FULL) -> Bundle:
    """A bundle of those procedures, filled in."""
    offers = [queries.offer(office.session, key) for key in keys]
    bundle = start_bundle(office.session, offers, account_id=office.account.id, language="ja")
    for member in members_of(office.session, bundle):
        drafts.save_answers(office.session, member.draft, member.definition, answers[member.key])
    return bundle


@pytest.fixture
def bundle(office: Office) -> Bundle:
    return begin(office, "test-copies", "test-registration")


@pytest.fixture
def waiting(office: Office) -> Bundle:
    """A sent bundle, in which the copies wait for the registration."""
    publish(office, "test-registration", PERMIT)
    publish(office, "test-copies", AFTER)
    made = begin(office, "test-copies", "test-registration")
    submit_bundle(office.session, made)
    return made


def decide(office: Office, bundle: Bundle, move: str) -> Case:
    [first] = cases_of_bundle(office.session, bundle.id)
    apply_transition(office.session, first.id, "accept", office.actor, roles=("clerk",))
    inputs = MoveInputs(note="書類が違います。") if move == "refuse" else MoveInputs()
    return apply_transition(office.session, first.id, move, office.actor, roles=("decider",), inputs=inputs)


def test_each_procedure_becomes_a_case_with_its_own_answers_number_and_fee(office: Office, bundle: Bundle) -> None:
    cases = submit_bundle(office.session, bundle)
    assert [case.procedure_key for case in cases] == ["test-copies", "test-registration"]
    assert len({case.number for case in cases}) == 2
    copies, registration = cases
    assert (set(copies.answers), set(registration.answers)) == ({"name", "copies", "exempt"}, {"name"})
    due = [payment.amount for case in cases for payment in payments_of_case(office.session, case.id)]
    assert due == [1000, 3550]
    for case in cases:
        submitted = history(office.session, case.id)[0]
        assert (submitted.name, submitted.data["bundle"]) == ("case.submitted", bundle.id)
        assert case.bundle_id == bundle.id
    assert check(office.session).fault is None


def test_what_is_known_in_part_stands_in_its_inputs_and_is_no_answer(office: Office) -> None:
    offers = [queries.offer(office.session, "test-registration")]
    known = {"test-registration": from_source({"name": {"family": "佐藤"}}, PLAN, in_part=True)}
    made = start_bundle(office.session, offers, account_id=office.account.id, language="ja", known=known)
    [member] = members_of(office.session, made)
    assert drafts.typed_of(office.session, member.draft) == {"name.family": "佐藤"}
    assert drafts.answers_of(office.session, member.draft) == {}
    assert member.draft.carried == {"name": PLAN}


def test_sending_twice_gives_the_same_cases(office: Office, bundle: Bundle) -> None:
    first = submit_bundle(office.session, bundle)
    assert submit_bundle(office.session, bundle) == first


def test_there_is_one_letter_with_every_number(office: Office, bundle: Bundle) -> None:
    cases = submit_bundle(office.session, bundle)
    [letter] = letters_to(office.session, office.account.email)
    assert all(case.number in letter.body for case in cases)
    assert f"/me/bundles/{bundle.public_id}" in letter.body


def test_the_letter_names_the_day_that_was_chosen_for_one_of_them(office: Office) -> None:
    publish(office, "test-copies", COLLECTED)
    day = today() + timedelta(days=7)
    answers = {"test-registration": {"name": NAME}, "test-copies": {"name": NAME, "collect_on": day.isoformat()}}
    [case, _] = submit_bundle(office.session, begin(office, "test-copies", "test-registration", answers=answers))
    [letter] = letters_to(office.session, office.account.email)
    assert f"試験用の収集：{day.year}年{day.month}月{day.day}日" in letter.body
    assert f"「{case.number}」と書いた紙を貼ってください。" in letter.body


def test_one_fault_keeps_everything_from_being_sent(office: Office) -> None:
    bundle = begin(office, "test-registration", "test-copies", answers=FULL | {"test-copies": {"name": NAME}})
    with pytest.raises(Invalid, match="試験用の証明書") as refused, office.session.begin_nested():
        submit_bundle(office.session, bundle)
    assert set(refused.value.fields) == {"test-copies:copies", "test-copies:exempt"}
    assert cases_of_bundle(office.session, bundle.id) == []
    office.session.refresh(bundle)
    assert bundle.sent_at is None


def test_what_was_not_seen_is_not_sent(office: Office, bundle: Bundle) -> None:
    judged = [judge(office.session, member.draft, member.definition) for member in members_of(office.session, bundle)]
    seen = digest_reviews(each.digest for each in judged)
    member = members_of(office.session, bundle)[0]
    drafts.save_answers(office.session, member.draft, member.definition, FULL["test-copies"] | {"copies": 3})
    with pytest.raises(ReviewOutdated):
        submit_bundle(office.session, bundle, seen=seen)
    drafts.save_answers(office.session, member.draft, member.definition, FULL["test-copies"])
    assert len(submit_bundle(office.session, bundle, seen=seen)) == 2


def test_a_version_published_meanwhile_breaks_nothing(office: Office, bundle: Bundle) -> None:
    publish(
        office,
        "test-copies",
        COPIES.replace("id: copies, type: integer", "id: sheets, type: integer")
        .replace("500 * copies", "900 * sheets")
        .replace("{copies}通", "{sheets}通"),
    )
    copies, _registration = submit_bundle(office.session, bundle)
    assert payments_of_case(office.session, copies.id)[0].amount == 1000


def test_a_procedure_closed_meanwhile_is_named_and_can_be_left_out(office: Office, bundle: Bundle) -> None:
    procedures.close_procedure(office.session, queries.procedure(office.session, "test-copies"))
    with pytest.raises(Conflict, match="「試験用の証明書」は、受付を終わりました"):
        submit_bundle(office.session, bundle)
    closed = next(member for member in members_of(office.session, bundle) if member.key == "test-copies")
    leave_out(office.session, bundle, closed.draft.public_id)
    assert [case.procedure_key for case in submit_bundle(office.session, bundle)] == ["test-registration"]


def test_the_last_one_left_out_takes_the_bundle_along(office: Office, bundle: Bundle) -> None:
    for member in members_of(office.session, bundle):
        leave_out(office.session, bundle, member.draft.public_id)
    with pytest.raises(NotFound):
        find(office, bundle.public_id)
    with pytest.raises(NotFound):
        leave_out(office.session, begin(office, "test-copies"), "another")


def find(office: Office, public_id: str, account_id: int | None = None) -> Bundle:
    return find_bundle(office.session, public_id, own=(), account_id=account_id or office.account.id, lock=True)


def test_only_its_visitor_finds_it(office: Office, bundle: Bundle) -> None:
    assert find(office, bundle.public_id) is bundle
    with pytest.raises(NotFound):
        find(office, bundle.public_id, account_id=office.account.id + 1)
    with pytest.raises(NotFound):
        find(office, "no-such-bundle")


def test_it_becomes_the_accounts_once_its_visitor_signs_in(office: Office) -> None:
    offers = [queries.offer(office.session, key) for key in FULL]
    bundle = start_bundle(office.session, offers, account_id=None, language="ja", browser=b"browser")
    find_bundle(office.session, bundle.public_id, own=(), account_id=office.account.id, browser=b"browser")
    assert {member.draft.account_id for member in members_of(office.session, bundle)} == {office.account.id}
    assert find(office, bundle.public_id) is bundle


def test_its_drafts_are_kept_as_long_as_each_other(office: Office, bundle: Bundle) -> None:
    with frozen(now() + timedelta(days=20)):
        member = members_of(office.session, bundle)[0]
        drafts.save_answers(office.session, member.draft, member.definition, FULL["test-copies"])
    with frozen(now() + timedelta(days=40)):
        drafts.purge_expired(office.session)
        office.session.expire_all()
        assert len(members_of(office.session, bundle)) == 2
    with frozen(now() + timedelta(days=60)):
        drafts.purge_expired(office.session)
        purge_empty(office.session)
        assert office.session.scalar(select(Bundle.id).where(Bundle.id == bundle.id)) is None


def test_a_discarded_one_leaves_nothing_and_a_sent_one_is_not_discarded(office: Office, bundle: Bundle) -> None:
    other = begin(office, "test-copies")
    discard_bundle(office.session, other)
    assert office.session.scalars(select(Draft.id).where(Draft.bundle_id == other.id)).all() == []
    submit_bundle(office.session, bundle)
    for act in (lambda: discard_bundle(office.session, bundle), lambda: leave_out(office.session, bundle, "any")):
        with pytest.raises(Conflict, match="もう送りました"):
            act()


def share_a_file(office: Office, bundle: Bundle) -> files.StoredFile:
    """One file, given to the registration, to which both answers refer."""
    members = {member.key: member for member in members_of(office.session, bundle)}
    upload = files.Upload("証明.png", io.BytesIO(photo("PNG")))
    stored = files.receive(office.session, members["test-registration"].draft.id, "proof", upload)
    for key, member in members.items():
        answers = dict(FULL[key]) | {"proof": [files.reference(stored)]}
        drafts.save_answers(office.session, member.draft, member.definition, answers)
    return stored


@pytest.fixture
def sharing(office: Office) -> Bundle:
    publish(office, "test-registration", WITH_FILE)
    publish(office, "test-copies", COPIES.replace("fee:\n", FILE + "fee:\n"))
    return begin(office, "test-copies", "test-registration")


def test_a_file_given_once_lies_with_both(office: Office, sharing: Bundle) -> None:
    stored = share_a_file(office, sharing)
    cases = submit_bundle(office.session, sharing)
    lying = [files.files_of_case(office.session, case.id) for case in cases]
    assert [[file.name for file in theirs] for theirs in lying] == [["証明.png"], ["証明.png"]]
    assert len({file.public_id for [file] in lying}) == 2
    assert {file.sha256 for [file] in lying} == {stored.sha256}
    assert len({files.open_for_applicant(office.session, file) for [file] in lying}) == 1


def test_what_is_left_out_leaves_the_shared_file_behind(office: Office, sharing: Bundle) -> None:
    share_a_file(office, sharing)
    giver = next(member for member in members_of(office.session, sharing) if member.key == "test-registration")
    leave_out(office.session, sharing, giver.draft.public_id)
    [case] = submit_bundle(office.session, sharing)
    assert [file.name for file in files.files_of_case(office.session, case.id)] == ["証明.png"]
    assert office.session.scalars(select(StoredFile.id).where(StoredFile.case_id.is_(None))).all() == []


def test_what_waits_is_opened_by_the_decision_with_the_day_on_which_it_was_sent(
    office: Office, waiting: Bundle
) -> None:
    [first] = cases_of_bundle(office.session, waiting.id)
    assert first.procedure_key == "test-registration"
    bundle_waiting.settle_waiting(office.session, waiting.id)
    assert len(cases_of_bundle(office.session, waiting.id)) == 1, "nothing is decided yet"
    with frozen(now() + timedelta(days=3)):
        decide(office, waiting, "approve")
        bundle_waiting.settle_waiting(office.session, waiting.id)
        bundle_waiting.settle_waiting(office.session, waiting.id)
    _first, opened = cases_of_bundle(office.session, waiting.id)
    assert (opened.procedure_key, opened.submitted_at) == ("test-copies", waiting.sent_at)
    assert payments_of_case(office.session, opened.id)[0].amount == 1000
    letter = letters_to(office.session, office.account.email)[-1]
    assert opened.number in letter.body
    assert "試験用の登録が済んだので" in letter.body


def test_what_prepares_a_visit_is_opened_at_once(office: Office) -> None:
    publish(office, "test-registration", PERMIT)
    free = COPIES[: COPIES.index("fee:")] + "workflow: {preset: visit}\n"
    publish(office, "test-copies", free + "routing: {after: [test-registration]}\n")
    made = begin(office, "test-copies", "test-registration")
    assert len(submit_bundle(office.session, made)) == 2


def test_what_waits_in_vain_is_called_off_and_the_resident_told(office: Office, waiting: Bundle) -> None:
    decide(office, waiting, "refuse")
    bundle_waiting.settle_waiting(office.session, waiting.id)
    [draft] = office.session.scalars(select(Draft).where(Draft.bundle_id == waiting.id, Draft.case_id.is_(None)))
    assert draft.bundle_state == CALLED_OFF
    letter = letters_to(office.session, office.account.email)[-1]
    assert "「試験用の証明書」の受付を取りやめました" in letter.subject
    assert "もう一度送って" in letter.body
    sent = len(letters_to(office.session, office.account.email))
    bundle_waiting.settle_waiting(office.session, waiting.id)
    assert len(letters_to(office.session, office.account.email)) == sent


def test_what_cannot_be_opened_any_more_is_given_back_to_be_corrected(office: Office, waiting: Bundle) -> None:
    draft = office.session.scalars(select(Draft).where(Draft.bundle_state == WAITING)).one()
    draft.answers = {key: value for key, value in draft.answers.items() if key != "copies"}
    decide(office, waiting, "approve")
    bundle_waiting.settle_waiting(office.session, waiting.id)
    assert draft.bundle_state == FAILED
    assert len(cases_of_bundle(office.session, waiting.id)) == 1
    assert f"/drafts/{draft.public_id}" in letters_to(office.session, office.account.email)[-1].body


def test_the_resident_may_give_up_what_waits_and_keep_the_rest(office: Office, waiting: Bundle) -> None:
    draft = office.session.scalars(select(Draft).where(Draft.bundle_state == WAITING)).one()
    cases = cases_of_bundle(office.session, waiting.id)
    seen = seen_together(withdrawable(office.session, cases))
    chosen = [draft.public_id]
    with pytest.raises(Outdated):
        withdraw_together(office.session, waiting, cases, chosen, office.account.id, note="", seen="1.1")
    withdraw_together(office.session, waiting, cases, chosen, office.account.id, note="", seen=seen)
    assert draft.bundle_state == CALLED_OFF
    with pytest.raises(Invalid):
        withdraw_together(office.session, waiting, cases, chosen, office.account.id, note="", seen=seen)
    decide(office, waiting, "approve")
    bundle_waiting.settle_waiting(office.session, waiting.id)
    assert len(cases_of_bundle(office.session, waiting.id)) == 1


def test_what_waits_is_kept_until_the_decision(office: Office, waiting: Bundle) -> None:
    for months in range(1, 6):
        with frozen(now() + timedelta(days=28 * months)):
            bundle_waiting.keep_waiting(office.session)
            drafts.purge_expired(office.session)
            purge_empty(office.session)
    assert bundle_waiting.bundles_with_waiting(office.session) == [waiting.id]
    with frozen(now() + timedelta(days=28 * 5)):
        decide(office, waiting, "approve")
        bundle_waiting.settle_waiting(office.session, waiting.id)
        assert len(cases_of_bundle(office.session, waiting.id)) == 2


def test_an_erased_case_speaks_of_no_bundle(office: Office, bundle: Bundle) -> None:
    cases = submit_bundle(office.session, bundle)
    for case in cases:
        apply_transition(office.session, case.id, "withdraw", office.resident, roles=("applicant",))
    with frozen(now() + timedelta(days=366 * 7)):
        assert retention.erase_batch(office.session) == 2
        drafts.purge_expired(office.session)
        purge_empty(office.session)
    office.session.expire_all()
    assert office.session.scalars(select(Bundle.id)).all() == []


def test_each_further_case_sends_the_same_number_of_statements(office: Office) -> None:
    keys = [f"test-form-{number}" for number in range(4)]
    for key in keys:
        source = REGISTRATION.replace("test-registration", key)
        procedure = procedures.create_procedure(office.session, key, "environment")
        procedures.save_draft(office.session, procedure, source, None)
        procedures.publish(office.session, procedure, None)
    lengths = []
    for count in (len(keys), 1, 2, 3):  # the first loads the definitions
        made = begin(office, *keys[:count], answers={key: {"name": NAME} for key in keys})
        with counted() as statements:
            submit_bundle(office.session, made)
        lengths.append(len(statements))
    growth = [later - earlier for earlier, later in pairwise(lengths[1:])]
    assert growth == [12, 12], lengths
