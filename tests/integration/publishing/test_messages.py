"""The messages of a draft, filled in with its examples and read in each language before anything is published."""

from pathlib import Path

from tests.integration.publishing.conftest import AT, Makers
from tests.integration.publishing.test_editing import save, with_workflow

WORKFLOW = """  preset: notification
  states:
    - {id: correcting, deadline: {days: 14, remind: [{days_before: 3, message: {ja: "{case.deadline}までです。"}}]}}
  moves:
    - id: complete
      message:
        ja: "{case.number}の届出を終えました。"
        en: "Your notification {case.number} is complete."
"""


def test_messages_are_read_with_an_example_in_each_language_before_publishing(makers: Makers) -> None:
    assert "決まった文(message)がありません" in makers.publisher.get(f"{AT}/messages").text
    save(makers.publisher, with_workflow(WORKFLOW))
    page = makers.publisher.get(f"{AT}/messages").text
    assert "「完了にする」のとき" in page and "「補正待ち」の期限の3日前" in page
    assert "日-1123-00001の届出を終えました。" in page
    assert '<dd lang="en">Your notification 日-1123-00001 is complete.</dd>' in page
    assert "2026年12月7日までです。" in page, "fourteen days after the day of the example"
    assert "日本語のまま送る言語：やさしい日本語、中国語、韓国語" in page
    assert f'href="{AT}/messages"' in makers.publisher.get(AT).text
    assert makers.publisher.get(f"{AT}/messages?example=999999999999").status_code == 200
    assert makers.stranger.get(f"{AT}/messages").status_code == 404
    save(makers.publisher, "steps: [")
    assert "見本を出せません" in makers.publisher.get(f"{AT}/messages").text


def test_messages_are_read_of_a_fee_that_nothing_decides_yet(makers: Makers) -> None:
    save(makers.publisher, Path("tests/browser/road_lots.yaml").read_text().replace("road-lots\nkind", "damage\nkind"))
    assert makers.publisher.get(f"{AT}/messages").status_code == 200
