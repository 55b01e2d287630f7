"""Publishing: a new version serves new applications, running cases keep theirs, and every version can be restored."""

import re

from sqlalchemy import func, select, update

from portal.cases.models import Case
from portal.core.database import city_session
from portal.core.events import Event
from portal.procedures import queries
from portal.procedures.definitions import definition_of
from portal.procedures.models import ProcedureVersion
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.integration.publishing.test_editing import SOURCE, draft, save
from tests.kit.answers import DOG
from tests.kit.catalogue import catalogue
from tests.kit.city import begin, send


def versions() -> list[ProcedureVersion]:
    with city_session(CITY) as session:
        rows = queries.versions(session, queries.procedure(session, "dog-registration").id)
        for row in rows:
            session.expunge(row)
        return rows


def publish(who: object, **more: str) -> object:
    page = who.get(AT).text
    digest = re.search(r'action="[^"]*/publish".*?name="digest" value="([0-9a-f]+)"', page, re.DOTALL)
    return who.post(f"{AT}/publish", {"digest": digest[1] if digest else "", "note": "直しました", **more})


def test_a_running_case_keeps_its_version_and_a_new_one_gets_the_new(makers: Makers) -> None:
    with city_session(CITY) as session:
        first = send(session, begin(session, "dog-registration", DOG))
        first_id, old_version = first.id, first.version_id
    retitled = SOURCE.replace("title: {ja: 犬の登録", "title: {ja: 犬の新しい登録", 1)
    save(makers.publisher, retitled)
    assert publish(makers.publisher, note="名前を変えました").status_code == 303
    with city_session(CITY) as session:
        second = send(session, begin(session, "dog-registration", DOG))
        assert second.version_id != old_version
        assert second.title == "犬の新しい登録"
        running = session.get_one(Case, first_id)
        assert running.version_id == old_version
        assert definition_of(session, running.version_id).title.ja == "犬の登録"
    newest, former = versions()[:2]
    assert (newest.status, newest.note, former.status) == ("published", "名前を変えました", "replaced")
    assert "犬の新しい登録" in makers.resident.get("/procedures/dog-registration").text


def test_what_has_faults_is_not_published(makers: Makers) -> None:
    save(makers.publisher, SOURCE.replace("type: birthday", "type: birthdate", 1))
    count = len([version for version in versions() if version.status != "draft"])
    refused = publish(makers.publisher)
    assert refused.status_code == 422
    assert "直すところが1件あります" in refused.text
    assert "birthdate" in refused.text
    assert len([version for version in versions() if version.status != "draft"]) == count


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(makers: Makers) -> None:
    save(makers.publisher, SOURCE + "# 見たもの\n")
    page = makers.publisher.get(AT).text
    digest = re.findall(r'name="digest" value="([0-9a-f]+)"', page)[-1]
    save(makers.colleague, SOURCE + "# あとから\n")
    refused = makers.publisher.post(f"{AT}/publish", {"digest": digest, "note": "直しました"})
    assert refused.status_code == 409
    assert draft() is not None


def test_without_a_draft_there_is_nothing_to_publish(makers: Makers) -> None:
    refused = publish(makers.publisher)
    assert (refused.status_code, "公開する下書きがありません。" in refused.text) == (409, True)


def test_who_may_only_edit_cannot_publish_or_close(makers: Makers) -> None:
    assert save(makers.editor, SOURCE + "# 変更\n").status_code == 303
    assert 'data-opens-dialog="publish"' not in makers.editor.get(AT).text
    assert publish(makers.editor).status_code == 403
    assert makers.editor.post(f"{AT}/closing", {"close": "yes"}).status_code == 403


def test_the_dialog_restates_what_happens_by_whom_and_to_how_many_cases(makers: Makers) -> None:
    with city_session(CITY) as session:
        send(session, begin(session, "dog-registration", DOG))
        query = select(Case.id).where(Case.procedure_key == "dog-registration", Case.closed_at.is_(None))
        running = len(session.scalars(query).all())
    save(makers.publisher, SOURCE + "# 変更\n")
    dialog = makers.publisher.get(AT).text.partition('<dialog class="dialog" id="publish"')[2]
    assert f"進行中の案件{running}件は、申請したときの版のまま進みます。" in dialog
    assert "試験 職員" in dialog
    assert "新しい申請に使われます" in dialog


def test_who_published_which_version_and_what_it_changed_is_recorded(makers: Makers) -> None:
    with city_session(CITY) as session:
        last = session.scalar(select(func.max(Event.id))) or 0
    save(makers.publisher, SOURCE.replace("standard_days: 5", "standard_days: 8"))
    assert publish(makers.publisher).status_code == 303
    assert makers.publisher.post(f"{AT}/closing", {"close": "yes"}).status_code == 303
    with city_session(CITY) as session:
        since = select(Event).where(Event.id > last, Event.subject_kind == "procedure").order_by(Event.id)
        published, closed = session.scalars(since).all()
        number = max(version.number for version in versions())
    assert (published.name, published.actor_kind, published.actor_name) == ("procedure.published", "staff", "試験 職員")
    assert (published.data["key"], published.data["number"]) == ("dog-registration", number)
    assert (published.data["topics"], published.data["changes"]) == (["handling"], 1)
    assert (closed.name, closed.data) == ("procedure.closed", {"key": "dog-registration"})


def test_the_difference_is_shown_as_text_and_lines(makers: Makers) -> None:
    assert makers.publisher.get(f"{AT}/difference").status_code == 404
    save(makers.publisher, SOURCE.replace("standard_days: 5", "standard_days: 8"))
    page = makers.publisher.get(f"{AT}/difference").text
    assert re.search(r"標準処理期間</p>.*<del>5日</del>.*<ins>8日</ins>", page, re.DOTALL)
    assert re.search(r'class="remove">.*standard_days: 5', page)
    assert re.search(r'class="add">.*standard_days: 8', page)


def test_the_difference_has_money_first_and_says_which_saved_examples_fail(makers: Makers) -> None:
    dearer = SOURCE.replace('amount: "3000"', 'amount: "30000"').replace("standard_days: 5", "standard_days: 8")
    assert dearer.count("30000") == 1
    save(makers.publisher, dearer)
    page = makers.publisher.get(f"{AT}/difference").text
    groups = re.findall(r'class="change-group" data-topic="(\w+)"', page)
    assert groups == ["money", "handling"]
    money = page.partition('data-topic="money"')[2].partition('data-topic="handling"')[0]
    assert re.search(r"<del>3,000円</del>.*<ins>30,000円</ins>", money)
    effects = page.partition("保存した試しへの影響")[2]
    assert re.search(r"初めての登録と注射済票.*<del>3,550円</del>.*<ins>30,550円</ins>", effects, re.DOTALL)
    assert "手数料は3,550円のはずですが、30,550円です。" in effects
    assert "見込みを直してください" in effects


def test_the_question_before_publishing_restates_what_changes_about_money(makers: Makers) -> None:
    save(makers.publisher, SOURCE.replace("standard_days: 5", "standard_days: 8"))
    unpaid = makers.publisher.get(AT).text
    assert "料金が変わります" not in unpaid
    assert "変わるところ：案内・審査・書類 1件" in unpaid
    save(makers.publisher, SOURCE.replace('amount: "3000"', 'amount: "30000"'))
    dialog = makers.publisher.get(AT).text.partition('<dialog class="dialog" id="publish"')[2].partition("</dialog>")[0]
    assert "料金が変わります" in dialog
    assert "3,000円 → 30,000円" in dialog


def test_a_draft_with_faults_is_compared_by_its_lines_alone(makers: Makers) -> None:
    save(makers.publisher, SOURCE.replace("type: birthday", "type: birthdate", 1))
    page = makers.publisher.get(f"{AT}/difference")
    assert page.status_code == 200
    assert "言葉では比べられません" in page.text
    assert re.search(r'class="add">.*birthdate', page.text)


def test_a_closed_procedure_takes_no_applications_until_it_opens_again(makers: Makers) -> None:
    makers.publisher.get("/desk/procedures")
    assert makers.publisher.post(f"{AT}/closing", {"close": "yes"}).status_code == 303
    assert makers.resident.get("/procedures/dog-registration").status_code == 404
    makers.resident.get("/procedures/road-occupancy")
    assert makers.resident.post("/apply/dog-registration").status_code == 404
    assert "受付を止めています" in makers.publisher.get("/desk/procedures").text
    makers.publisher.post(f"{AT}/closing", {"close": "no"})
    assert makers.resident.get("/procedures/dog-registration").status_code == 200


def test_every_version_can_be_had_as_a_file(makers: Makers) -> None:
    file = makers.publisher.get(f"{AT}/versions/1.yaml")
    assert file.text == catalogue()["dog-registration"]
    assert 'filename="dog-registration-1.yaml"' in file.headers["Content-Disposition"]
    assert makers.publisher.get(f"{AT}/versions/999.yaml").status_code == 404


def test_an_earlier_version_is_taken_up_again_as_the_draft(makers: Makers) -> None:
    save(makers.publisher, SOURCE + "# 第2の版\n")
    publish(makers.publisher)
    makers.publisher.get(AT)
    assert makers.publisher.post(f"{AT}/versions/1/restore", {"digest": ""}).status_code == 303
    saved = draft()
    assert saved is not None
    assert saved.source == SOURCE
    other = makers.colleague
    other.get(AT)
    with city_session(CITY) as session:
        second = session.get_one(ProcedureVersion, queries.procedure(session, "dog-registration").current_version_id)
        number = second.number
    blind = other.post(f"{AT}/versions/{number}/restore", {"digest": ""})
    assert (blind.status_code, "先に保存しました" in blind.text) == (409, True)


def test_a_draft_is_discarded_and_the_published_text_stays(makers: Makers) -> None:
    save(makers.publisher, SOURCE + "# 捨てるもの\n")
    assert makers.publisher.post(f"{AT}/discard").status_code == 303
    assert draft() is None
    assert "# 捨てるもの" not in makers.publisher.get(AT).text


def test_a_version_of_the_first_language_keeps_its_meaning_and_is_edited_in_the_present_one(makers: Makers) -> None:
    save(makers.publisher, SOURCE.replace('amount: "3000"', "amount: 3000 / 7 * 7", 1))
    assert publish(makers.publisher).status_code == 303
    with city_session(CITY) as session:
        live = queries.procedure(session, "dog-registration").current_version_id
        first_language = {"language": 1, "document_language": 1}
        session.execute(update(ProcedureVersion).where(ProcedureVersion.id == live).values(first_language))
        assert definition_of(session, live).fee[0].amount == "int(3000 / 7) * 7"
        first = send(session, begin(session, "dog-registration", DOG))
        assert 2996 in [line["amount"] for line in first.fee["lines"]]
    editor = makers.publisher.get(AT).text
    assert "新しい書き方に直しました" in editor
    assert "<code>3000 / 7 * 7</code> → <code>int(3000 / 7) * 7</code>" in editor
    rewritten = SOURCE.replace('amount: "3000"', 'amount: "int(3000 / 7) * 7"', 1)
    save(makers.publisher, rewritten + "# 説明を直した\n")
    difference = makers.publisher.get(f"{AT}/difference").text
    assert "<code>3000 / 7 * 7</code> → <code>int(3000 / 7) * 7</code>" in difference
    number = next(version.number for version in versions() if version.status == "published")
    assert makers.publisher.get(f"{AT}/versions/{number}.yaml").text == rewritten


def test_a_published_version_is_read_from_its_tree_in_the_order_of_its_text(makers: Makers) -> None:
    """JSON that sorts its keys would turn the order of what a definition names around."""
    save(makers.publisher, SOURCE + "# 同じもの\n")
    publish(makers.publisher)
    with city_session(CITY) as session:
        live = queries.procedure(session, "dog-registration").current_version_id
        session.execute(
            update(ProcedureVersion).where(ProcedureVersion.id == live).values(source="not read", digest=b"2")
        )
        [first, *_] = definition_of(session, live).examples
    assert list(first.answers)[:3] == ["name", "kana", "address"]
    assert list(first.answers) != sorted(first.answers, key=len)
