"""Households from the first page through their plan to applications that were sent together: questions are answered in the background where
a page shows nothing new, looked at where it does.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from common.open_days import add_open_days
from portal.core.clock import today
from tests.browser.applications import Pages, bank_account, fill_in
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.papers import photo
from tests.browser.people import enter_mailed_code
from tests.browser.visitor import Visitor

ANSWER_ALL = """async ({ answers, ticked }) => {
  for (let asked = 0; asked < 40; asked += 1) {
    const page = await fetch("/plan/question");
    if (page.url.endsWith("/plan")) return;
    const text = await page.text();
    const names = [...text.matchAll(/name="fact" value="([^"]+)"/g)].map((match) => match[1]);
    const form = new URLSearchParams({ csrf_token: text.match(/name="csrf_token" value="([^"]+)"/)[1] });
    for (const name of names) form.append("fact", name);
    const unknown = text.includes('value="no"') ? "no" : "unsure";
    if (names.length === 1) form.append(names[0], answers[names[0]] ?? (ticked.includes(names[0]) ? "yes" : unknown));
    else for (const name of names.filter((each) => ticked.includes(each))) form.append("ticked", name);
    await fetch("/plan/question", { method: "POST", body: form });
  }
}"""
KANA = re.compile(r"[ぁ-んァ-ヶ]+")


def answer_all(resident: Visitor, answers: Mapping[str, str], ticked: Collection[str]) -> None:
    """Answer every question that is left, and go to the plan."""
    resident.page.evaluate(ANSWER_ALL, {"answers": dict(answers), "ticked": list(ticked)})
    resident.goto("/plan")


def shows(resident: Visitor, *keys: str) -> None:
    """Expect these procedures in the plan."""
    for key in keys:
        expect(resident.page.locator(f'main h3 a[href="/procedures/{key}"]')).to_be_visible()


def choose(resident: Visitor, label: str, *keys: str) -> None:
    """Choose exactly these procedures of the plan, and begin the one form for them."""
    for box in resident.page.locator("main input[name=procedure]").all():
        box.set_checked(box.get_attribute("value") in keys)
    expect(resident.page.locator("main input[name=procedure]:checked")).to_have_count(len(keys))
    resident.press(label)
    resident.page.wait_for_url("**/who")


def numbers(resident: Visitor, letter: str) -> set[str]:
    """The numbers of the applications on the page."""
    return set(re.findall(rf"{letter}-\d{{4}}-\d{{5}}", resident.page.locator("main").inner_text()))


def address(name: str, postal_code: str, city: str, town: str, block: str) -> dict[str, str]:
    """The inputs of an address in 東京都."""
    parts = {"postal_code": postal_code, "prefecture": "東京都", "city": city, "town": town, "block": block}
    return {f"{name}.{part}": text for part, text in parts.items()}


def person(name: str, given: str, kana: str, birthday: str) -> dict[str, str]:
    """The inputs of a name, its reading and a day of birth. `name` has a place for the word of each."""
    parts = {
        "name.family": "佐藤",
        "name.given": given,
        "kana.family": "サトウ",
        "kana.given": kana,
        "birthday": birthday,
    }
    return {name.format(part): text for part, text in parts.items()}


def test_a_daughter_applies_after_a_death_with_the_plan_that_her_mother_sent_her(
    visit: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    died_on = today() - timedelta(days=2)
    widow = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    widow.goto("/")
    widow.follow("おくやみ")
    widow.press("質問に答えて、必要な手続きを調べる")
    widow.page.wait_for_url("**/plan/question")
    answers = {
        "death_known_on": died_on.isoformat(),
        "deceased_insurance": "late_elderly",
        "deceased_pension": "employees",
    }
    owned = {"deceased_had_care_insurance", "deceased_owned_property", "deceased_owned_light_vehicle"}
    answer_all(widow, answers, owned | {"deceased_cemetery"})
    widow.press("計画のリンクを作る")
    link = widow.page.get_by_label("計画のリンク", exact=True).input_value()

    daughter = visit()
    daughter.goto(link)
    daughter.look("手続きの計画")
    shows(daughter, "death-notification", "late-elderly-funeral", "property-owner", "inheritance-tax")
    expect(daughter.page.locator(".map-stop").first).to_be_visible()
    daughter.press("この計画を自分の画面で続ける")
    daughter.press("サインインして、この計画を取っておく")
    enter_mailed_code(daughter, mailbox, "daughter@example.jp")
    daughter.page.wait_for_url("**/plan")
    daughter.press("この計画を取っておく")
    daughter.sees("取ってあります")
    daughter.goto("/me")
    daughter.look("わたしの手続き")
    daughter.press("計画を開く(おくやみ)")
    daughter.look("手続きの計画")
    paper = daughter.page.pdf(format="A4")
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"], "one page of paper"

    keys = ("late-elderly-insurance-death", "late-elderly-funeral", "cemetery-succession")
    choose(daughter, "選んだ手続きをまとめて申請する", *keys)
    home = ("190-0012", "立川市", "曙町", "2丁目17番3号")
    pages: Pages = {
        "who": person("person_{}", "美咲", "ミサキ", "1960-04-02")
        | {"person_phone": "090-1234-5678", "deceased_relation": "child"},
        "where": address("person_address", *home),
        "household": person("deceased_{}", "正", "タダシ", "1947-02-11")
        | {"deceased_died_on": died_on.isoformat()}
        | address("deceased_address", *home),
        "late_elderly_insurance_death__card": {
            "late_elderly_insurance_death__number": "12345678",
            "late_elderly_insurance_death__card_return": "post",
        },
        "late_elderly_funeral__bank": bank_account("person_bank_account"),
        "late_elderly_funeral__funeral": {
            "late_elderly_funeral__funeral_on": today().isoformat(),
            "late_elderly_funeral__funeral_receipt.upload": photo(tmp_path, "領収書.jpg"),
        },
        "cemetery_succession__plot": {
            "cemetery_succession__plot_number": "3区12側5番",
            "cemetery_succession__keeps_grave": "yes",
            "papers_family_register.upload": photo(tmp_path, "戸籍.jpg"),
        },
    }
    fill_in(daughter, pages)
    daughter.look("申請内容の確認")
    daughter.page.get_by_label("内容に間違いはありません。").check()
    daughter.page.get_by_role("button", name=re.compile("を送る$")).click()
    daughter.page.wait_for_url("**/done")
    daughter.look("件の手続きが届きました。")
    sent = numbers(daughter, "立")
    assert len(sent) == len(keys)
    daughter.follow("すべての状況を見る")
    daughter.look("まとめて送った手続き")
    assert numbers(daughter, "立") == sent


def test_a_student_from_abroad_applies_in_english_on_a_phone(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    moved_on = (today() - timedelta(days=4)).isoformat()
    student = visit("mitaka", viewport=PHONE, has_touch=True, is_mobile=True)
    student.goto("/?lang=en")
    student.page.locator('main a[href="/life/moving"]').first.click()
    student.press("Answer a few questions to see what you need")
    student.look("Which kind of move is it?")
    answer_all(
        student,
        {"move_kind": "from_abroad", "moved_on": moved_on},
        {"has_foreign_national", "uses_national_health_insurance", "pays_national_pension", "is_student"},
    )
    student.look("Your plan")
    shows(student, "moving-in", "residence-card-address", "national-health-insurance-join", "student-pension-deferral")
    speaks_english(student)
    keys = ("moving-in", "national-health-insurance-join", "national-pension-join")
    choose(student, "Apply for the chosen procedures together", *keys)
    birthday = "2004-06-01"
    pages: Pages = {
        "who": person("person_{}", "美咲", "ミサキ", birthday) | {"person_phone": "090-1234-5678"},
        "where": {"move_old_address.country": "DE", "move_old_address.lines": "Musterstr. 1, 12345 Berlin"}
        | address("move_new_address", "181-0013", "三鷹市", "下連雀", "3丁目35番1号"),
        "household": {"household_members.0.mover_relation": "self", "household_members.0.mover_card": "no"},
        "moving_in__visit": {"visit_day": str(add_open_days(today(), 2)), "visit_time": "10:30"},
        "national_health_insurance_join__people_step": person(
            "household_insured.0.member_{}", "美咲", "ミサキ", birthday
        ),
        "national_health_insurance_join__reason_step": {
            "national_health_insurance_join__reason": "moved",
            "national_health_insurance_join__card": "all",
        },
        "national_pension_join__joining": {
            "national_pension_join__occupation": "student",
            "national_pension_join__was_insured": "no",
        },
    }
    fill_in(student, pages, "Save and (continue|review)")
    student.press("Check my e-mail address")
    student.look("What is your e-mail address?")
    student.page.get_by_label("E-mail address").fill("student@example.jp")
    student.page.locator("main form button").click()
    student.look("Enter the code from the e-mail")
    student.page.get_by_label("Six-digit code").fill(mailbox.digits("student@example.jp", "your sign-in code is"))
    student.press("Sign in")
    student.page.wait_for_url("**/review")
    student.look("Check your")
    student.page.get_by_label("Everything I entered is correct.").check()
    student.page.get_by_role("button", name=re.compile("^Send the ")).click()
    student.page.wait_for_url("**/done")
    student.look("You have sent 3 applications.")
    sent = numbers(student, "三")
    assert sent
    student.follow("See the status of all of them")
    student.look("Applications sent together")
    assert numbers(student, "三") == sent
    speaks_english(student)


def speaks_english(resident: Visitor) -> None:
    """Expect no Japanese on the page, besides what is marked as such and the map."""
    words = resident.page.locator("main").evaluate(
        "main => { main.querySelectorAll('[lang=ja], .map').forEach((part) => part.remove()); return main.innerText; }"
    )
    assert KANA.findall(words) == []
    resident.page.reload()
