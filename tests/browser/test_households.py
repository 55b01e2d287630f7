"""Households at their plans: answered in the background where a page shows nothing new, looked at where it does."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
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


def test_a_daughter_sees_what_is_to_be_done_after_a_death_and_keeps_the_plan(
    visit: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    daughter = visit()
    daughter.goto("/life/mourning")
    daughter.press("質問に答えて、必要な手続きを調べる")
    answers = {
        "death_known_on": (today() - timedelta(days=2)).isoformat(),
        "deceased_insurance": "late_elderly",
        "deceased_pension": "employees",
    }
    owned = {"deceased_had_care_insurance", "deceased_owned_property", "deceased_owned_light_vehicle"}
    answer_all(daughter, answers, owned | {"deceased_cemetery"})
    daughter.look("手続きの計画")
    shows(daughter, "death-notification", "late-elderly-funeral", "property-owner", "inheritance-tax")
    expect(daughter.page.locator(".map-stop").first).to_be_visible()
    daughter.press("サインインして、この計画を取っておく")
    enter_mailed_code(daughter, mailbox, "daughter@example.jp")
    daughter.page.wait_for_url("**/plan")
    daughter.press("この計画を取っておく")
    daughter.sees("取ってあります")
    daughter.goto("/me")
    daughter.look("わたしの申請")
    daughter.press("計画を開く(おくやみ)")
    daughter.look("手続きの計画")
    paper = daughter.page.pdf(format="A4")
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"], "one page of paper"


def test_a_student_from_abroad_reads_the_plan_in_english_on_a_phone(visit: Callable[..., Visitor]) -> None:
    student = visit("mitaka", viewport=PHONE, has_touch=True, is_mobile=True)
    student.goto("/life/moving?lang=en")
    student.press("Answer a few questions to see what you need")
    answers = {"move_kind": "from_abroad", "moved_on": (today() - timedelta(days=4)).isoformat()}
    student.look("Which kind of move is it?")
    answer_all(
        student,
        answers,
        {"has_foreign_national", "uses_national_health_insurance", "pays_national_pension", "is_student"},
    )
    student.look("Your plan")
    shows(student, "moving-in", "residence-card-address", "national-health-insurance-join", "student-pension-deferral")
    words = student.page.locator("main").evaluate(
        "main => { main.querySelectorAll('[lang=ja], .map').forEach((part) => part.remove()); return main.innerText; }"
    )
    assert KANA.findall(words) == []
