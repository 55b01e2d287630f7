"""The editor: what is typed is saved, checked and previewed; nobody's text is overwritten by somebody else's."""

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.database import city_session
from portal.procedures.models import Procedure, ProcedureVersion
from portal.publishing import releasing
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

SOURCE = catalogue()["dog-registration"]
HTMX = {"HX_Request": "true"}
DIGEST = re.compile(r'name="draft-digest" value="([0-9a-f]*)"')


def with_workflow(lines: str) -> str:
    """The definition with these lines as its workflow."""
    without = re.sub(r"(?m)^workflow:\n(?:[ ].*\n)+", "", SOURCE)
    return without.replace("fee:\n", f"workflow:\n{lines}fee:\n", 1)


def save(who: Browser, source: str, digest: str | None = None, **more: str) -> TestResponse:
    page = who.get(AT).text
    match = DIGEST.search(page)
    assert match
    return who.post(
        f"{AT}/draft", {"draft-source": source, "draft-digest": match[1] if digest is None else digest, **more}
    )


def draft() -> ProcedureVersion | None:
    with city_session(CITY) as session:
        query = select(ProcedureVersion).join(Procedure, Procedure.id == ProcedureVersion.procedure_id)
        row = session.scalar(query.where(Procedure.key == "dog-registration", ProcedureVersion.status == "draft"))
        if row:
            session.expunge(row)
        return row


def test_the_editor_opens_with_the_published_text(makers: Makers) -> None:
    page = makers.publisher.get(AT).text
    assert "procedure: dog-registration" in page
    assert "直すところはありません。" in page
    assert re.search(r'data-opens-dialog="publish" disabled', page), "there is nothing to publish yet"


def test_a_move_that_nobody_here_can_take_is_advice_and_does_not_keep_from_publishing(makers: Makers) -> None:
    save(makers.publisher, with_workflow("  preset: notification\n  moves:\n    - {id: complete, who: [inspector]}\n"))
    page = makers.publisher.get(AT).text
    assert "「完了にする」を行う「現地確認」の役割の職員が、担当の課にいません。" in page
    assert not re.search(r'data-opens-dialog="publish" disabled', page)


def test_a_faulty_text_is_kept_and_its_fault_has_a_line(makers: Makers) -> None:
    faulty = SOURCE.replace("type: birthday", "type: birthdate", 1)
    assert save(makers.publisher, faulty, **{"draft-language": "en"}).location.endswith("?language=en")
    saved = draft()
    assert saved is not None
    assert saved.source == faulty
    line = faulty[: faulty.index("type: birthdate")].count("\n") + 1
    page = makers.publisher.get(AT).text
    assert f'data-line="{line}"' in page
    assert "birthdate" in page
    assert re.search(r'data-opens-dialog="publish" disabled', page)


@pytest.mark.parametrize(
    "text", ["", "a: [", "\x00\x01", "- " * 3000, "{" * 60, "procedure: x\nprocedure: y", "日" * 5000, "&a [*a]"]
)
def test_no_text_breaks_the_editor(makers: Makers, text: str) -> None:
    makers.publisher.get(AT)
    checked = makers.publisher.post(f"{AT}/check", {"draft-source": text}, **HTMX)
    assert checked.status_code == 200
    assert 'data-severity="error"' in checked.text
    assert checked.headers["HX-Reswap"] == "none"
    assert save(makers.publisher, text).status_code == 303
    assert makers.publisher.get(AT).status_code == 200


def test_the_check_answers_for_the_text_in_the_editor(makers: Makers) -> None:
    makers.publisher.get(AT)
    longer = SOURCE.replace("standard_days: 5", "standard_days: 6")
    answer = makers.publisher.post(f"{AT}/check", {"draft-source": longer, "draft-step": "dog"}, **HTMX)
    assert "<html" not in answer.text
    assert 'id="definition-faults" hx-swap-oob="true"' in answer.text
    assert "犬の名前" in answer.text
    assert re.search(r'data-opens-dialog="publish" disabled', answer.text), "what is not saved cannot be published"
    assert draft() is None


def test_without_a_script_the_page_comes_back_with_the_text(makers: Makers) -> None:
    makers.publisher.get(AT)
    text = SOURCE + "# まだ保存していない\n"
    page = makers.publisher.post(f"{AT}/check", {"draft-source": text, "to-step": "dog"})
    assert page.status_code == 200
    assert "# まだ保存していない" in page.text
    assert "犬の名前" in page.text
    assert draft() is None


def test_the_city_is_part_of_the_check(makers: Makers) -> None:
    makers.publisher.get(AT)
    wrong = SOURCE.replace("department: environment", "department: no-such-office")
    answer = makers.publisher.post(f"{AT}/check", {"draft-source": wrong}, **HTMX).text
    assert "「no-such-office」という課はありません。" in answer
    renamed = SOURCE.replace("procedure: dog-registration", "procedure: cat-registration")
    assert (
        "この手続きは「dog-registration」です"
        in makers.publisher.post(f"{AT}/check", {"draft-source": renamed}, **HTMX).text
    )


def test_the_preview_asks_what_follows_from_an_answer(makers: Makers) -> None:
    makers.publisher.get(AT)
    look = {"draft-source": SOURCE, "draft-step": "vaccination", "draft-tried": "1"}
    question = re.compile(r'name="vaccinated_on"')
    assert question.search(makers.publisher.post(f"{AT}/preview", look | {"vaccinated": "yes"}, **HTMX).text)
    assert not question.search(makers.publisher.post(f"{AT}/preview", look | {"vaccinated": "no"}, **HTMX).text)


CHILDREN = """
procedure: dog-registration
kind: survey
title: {ja: 子どもの調べ}
department: environment
steps:
  - id: family
    title: {ja: 家族}
    fields:
      - {id: name, type: text, label: {ja: 名前}}
      - id: children
        type: group
        pages: each
        label: {ja: 子ども}
        row: {ja: お子さん}
        max: 3
        fields:
          - {id: child, type: text, label: {ja: 子どもの名前}}
          - {id: school, type: yes_no, label: {ja: 学校に通っていますか}}
          - {id: grade, type: integer, label: {ja: 学年}, min: 1, max: 6, show_when: school}
workflow: {preset: notification}
"""


def test_rows_with_pages_of_their_own_are_walked_in_the_preview_as_a_resident_does(makers: Makers) -> None:
    makers.publisher.get(AT)
    page = ""

    def press(**buttons: str) -> None:
        """Send what the page holds, and what is typed or pressed."""
        nonlocal page
        held = {
            match[1]: match[2] for match in re.finditer(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        }
        kept = {name: text for name, text in held.items() if name not in ("csrf_token", "shown-questions")}
        page = makers.publisher.post(
            f"{AT}/preview", {"draft-source": CHILDREN, "draft-tried": "1", **kept, **buttons}, **HTMX
        ).text

    press(name="佐藤")
    assert "お子さんを追加" in page
    press(**{"name": "佐藤", "row-page-add": "children"})
    assert "<h2>お子さん 1</h2>" in page
    assert 'name="children.0.grade"' not in page
    press(**{"row-page-next": "children.0"})
    assert "まだ何も書いてありません" in page, "an empty row is not finished"
    press(**{"children.0.child": "はな", "children.0.school": "yes"})
    assert 'name="children.0.grade"' in page, "what follows from an answer of the row is asked in the row"
    first = {"children.0.child": "はな", "children.0.school": "yes"}
    press(**first, **{"children.0.grade": "9", "row-page-next": "children.0"})
    assert "6以下" in page
    press(**first, **{"children.0.grade": "2", "row-page-add": "children"})
    assert "<h2>お子さん 2</h2>" in page
    assert "2件のうち2件目" in page
    press(**{"children.1.child": "いちろう", "children.1.school": "no", "row-page-next": "children.1"})
    assert "はな" in page
    assert "いちろう" in page
    assert 'value="佐藤"' in page, "what stands on the page of the list is still there"
    press(**{"name": "佐藤", "row-page-remove": "children.0"})
    assert "「お子さん 1」を消しますか" in page
    press(**{"row-page-list": "children"})
    assert "お子さんを追加" in page, "it stays where nobody said that it shall go"
    assert "はな" in page
    press(**{"name": "佐藤", "row-page-remove": "children.0"})
    press(**{"row-page-sure": "children.0"})
    assert "はな" not in page
    assert 'value="佐藤"' in page
    press(**{"row-page-open": "children.0"})
    assert 'value="いちろう"' in page


def test_the_preview_computes_the_fee(makers: Makers) -> None:
    makers.publisher.get(AT)
    look = {"draft-source": SOURCE, "draft-step": "vaccination"}
    assert "3,550円" in makers.publisher.post(f"{AT}/preview", look, **HTMX).text
    values = look | {"draft-tried": "1", "vaccinated": "no"}
    answer = makers.publisher.post(f"{AT}/preview", values, **HTMX).text
    assert "3,000円" in answer
    assert "3,550円" not in answer


def test_the_preview_speaks_the_chosen_language_and_the_page_does_not(makers: Makers) -> None:
    page = makers.publisher.get(f"{AT}?step=dog&language=en").text
    assert "About the dog" in page
    assert "公開前の確認" in page
    assert "公開前の確認" in makers.publisher.get(AT).text


def test_the_preview_marks_what_stays_japanese_in_the_chosen_language(makers: Makers) -> None:
    source = SOURCE.replace(", ko: 개의 성별", "")
    page = makers.publisher.post(f"{AT}/check", {"draft-source": source, "to-step": "dog", "draft-language": "ko"}).text
    assert '<span lang="ja">犬の性別</span>' in page
    assert "이 페이지의 일부는 일본어입니다." in page
    assert "개의 품종" in page


def test_of_two_editors_the_second_gets_a_conflict_and_keeps_the_text(makers: Makers) -> None:
    save(makers.publisher, SOURCE + "# はじめ\n")
    match = DIGEST.search(makers.publisher.get(AT).text)
    assert match
    assert save(makers.colleague, SOURCE + "# 同僚\n").status_code == 303
    refused = save(makers.publisher, SOURCE + "# わたし\n", match[1])
    assert refused.status_code == 409
    assert "先に保存しました" in refused.text
    assert "# わたし" in refused.text
    saved = draft()
    assert saved is not None
    assert saved.source.endswith("# 同僚\n")


def test_a_text_that_is_too_long_is_refused(makers: Makers) -> None:
    makers.publisher.get(AT)
    fields = {"csrf_token": makers.publisher.token, "draft-source": "#" * 1_000_001}
    answer = makers.publisher.send("POST", f"{AT}/draft", data=fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert draft() is None


def test_a_file_becomes_the_draft(makers: Makers) -> None:
    makers.publisher.get(AT)
    content = ("\ufeff" + SOURCE.replace("standard_days: 5", "standard_days: 9")).replace("\n", "\r\n").encode()
    answer = makers.publisher.post(f"{AT}/upload", {"file": (io.BytesIO(content), "犬.yaml"), "digest": ""})
    assert answer.status_code == 303
    saved = draft()
    assert saved is not None
    assert saved.source == SOURCE.replace("standard_days: 5", "standard_days: 9")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe\x00", "文字として読めません"), (b"#" * 1001, "大きすぎます"), (None, "ファイルを選んでください")],
)
def test_a_file_that_cannot_be_read_says_why(
    makers: Makers, content: bytes | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "MAX_SOURCE_LENGTH", 1000)
    makers.publisher.get(AT)
    fields: dict[str, object] = {"digest": ""}
    if content is not None:
        fields["file"] = (io.BytesIO(content), "x.yaml")
    answer = makers.publisher.post(f"{AT}/upload", fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert draft() is None


def test_nobody_else_gets_near_it(makers: Makers) -> None:
    makers.stranger.get("/desk/procedures")
    for path in (AT, f"{AT}/difference", f"{AT}/versions/1.yaml"):
        assert makers.stranger.get(path).status_code == 404
    for action in ("draft", "check", "preview", "publish", "discard", "upload", "closing", "versions/1/restore"):
        assert makers.stranger.post(f"{AT}/{action}", {"draft-source": "x"}).status_code == 404
    assert makers.resident.get(AT).status_code == 303
    assert draft() is None


def test_a_new_procedure_begins_with_a_text_that_has_no_faults(makers: Makers) -> None:
    makers.publisher.get("/desk/procedures")
    form = {"key": "cat-day", "title": '猫の"日"', "department": "environment", "base": ""}
    made = makers.publisher.post("/desk/procedures", form)
    assert made.location == "/desk/procedures/cat-day"
    page = makers.publisher.get(made.location).text
    assert 'data-severity="error"' not in page
    assert "猫の" in page
    again = makers.publisher.post("/desk/procedures", form)
    assert (again.status_code, "もう使われています" in again.text) == (422, True)


@pytest.mark.parametrize(
    "wrong", [{"key": "大文字"}, {"key": ""}, {"title": ""}, {"department": "citizens"}, {"base": "nothing"}]
)
def test_a_new_procedure_that_cannot_be_says_why(makers: Makers, wrong: dict[str, str]) -> None:
    makers.publisher.get("/desk/procedures")
    form = {"key": "new-one", "title": "新しい届", "department": "environment", "base": ""} | wrong
    assert makers.publisher.post("/desk/procedures", form).status_code == 422
