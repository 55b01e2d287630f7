"""People who apply together: each on a page of their own, one representative, the others' consent, and all of them at the desk."""

import re

from portal.cli.installing import install
from portal.core.database import city_session
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_consents import mails_to, proved
from tests.integration.residents.test_following import newest_case
from tests.integration.residents.test_row_pages import send
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.unit.fields.test_joint_applicants import SOURCE

SEAL = """
      - {id: seal, type: signature, label: {ja: 署名}}
consents:"""
PUBLIC = (
    SOURCE.replace("kind: notification", "kind: notification\nassurance: none")
    .replace("max: 6", "pages: each\n        max: 6")
    .replace("\nconsents:", SEAL)
)
DRAWN = {"seal.name": "佐藤 蓮", "seal.strokes": "[[[10,20],[300,40]],[[50,50],[60,90]]]"}


def person(number: int, given: str, email: str, leads: str) -> dict[str, str]:
    parts = {
        "name.family": "佐藤",
        "name.given": given,
        "kana.family": "サトウ",
        "kana.given": "アオイ",
        "address.prefecture": "東京都",
        "address.city": "日野市",
        "address.town": "神明",
        "address.block": "1",
        "phone": "0425851111",
        "email": email,
    }
    return {f"owners.{number}.owner.{part}": text for part, text in parts.items()} | {f"owners.{number}.leads": leads}


def test_two_apply_together(browser: Browser, other_browser: Browser) -> None:
    with city_session(CITY) as session:
        install(session, PUBLIC, None)
    page = browser.start("shared-land")
    opened = str(browser.post(page, {"row-page-add": "owners"}).location)
    onward = send(browser, opened, person(0, "葵", "aoi@example.jp", "no") | {"row-page-add": "owners"})
    assert onward.status_code == 303, onward.text
    send(browser, str(onward.location), person(1, "蓮", "ren@example.jp", "no"))
    refused = browser.post(page, DRAWN)
    assert (refused.status_code, "「申請者 1」に、直すところがあります。" in refused.text) == (422, True)
    assert "代表者を1人選んでください。" in send(browser, opened, person(0, "葵", "aoi@example.jp", "no")).text
    assert send(browser, str(onward.location), person(1, "蓮", "ren@example.jp", "yes")).status_code == 303
    assert "佐藤 蓮(代表者)" in browser.get(page).text
    review = str(browser.post(page, DRAWN).location)
    content = browser.get(review).text
    assert "申請者 2(代表者)" in content
    assert "aoi@example.jp" in content
    assert 'points="10,20 300,40"' in content
    assert browser.agree(review).status_code == 303
    case = newest_case()
    assert case.applicant_name == "佐藤 蓮"
    assert "300" not in str(case.answers), "a signature is sealed, as it was drawn"
    assert len(mails_to("aoi@example.jp")) == 1
    assert all("同意のお願い" not in mail.subject for mail in mails_to("ren@example.jp"))
    path, proof, page = proved(other_browser, "aoi@example.jp")
    assert "連名で出します。" in page
    assert (
        "同意しました" in other_browser.post(path, {"proof": proof, "decision": "agree", "signature": "佐藤 葵"}).text
    )
    hire(CITY, "joint@example.jp", {"road-management": ["clerk"]})
    clerk = Browser(browser.client.application).sign_in_at_desk("joint@example.jp")
    drawer = clerk.get(f"/desk/cases/{case.id}").text
    assert "(代表者・ほか1名)" in drawer
    assert re.search(r"連名の申請者</dt><dd>佐藤 葵<br>", drawer)
    assert "申請者 2(代表者)" in drawer
    assert 'points="10,20 300,40"' in drawer
    assert 'points="50,50 60,90"' in drawer
    listed = clerk.get("/desk?status=new&q=佐藤葵").text
    assert f'data-case-id="{case.id}"' in listed
    assert "佐藤 蓮 ほか1名" in listed
    hire(CITY, "money@example.jp", {"road-management": ["cashier"]})
    cashier = Browser(browser.client.application).sign_in_at_desk("money@example.jp")
    assert f'data-case-id="{case.id}"' in cashier.get("/desk?status=new&q=佐藤葵").text, "who applies is on the line"
