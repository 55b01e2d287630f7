"""A department changes a procedure and publishes it, while what was begun goes on as it was."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.kit.catalogue import with_whole_examples

CITY = "mitaka"


def test_a_second_version_is_published_while_the_first_goes_on(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    early_visitor = visit(CITY)
    dog.up_to_vaccination(early_visitor)

    publisher = at_desk("yamamoto", CITY)
    page = publisher.page
    publisher.goto("/desk/procedures")
    publisher.look("手続きをつくる")
    publisher.follow("犬の登録")
    publisher.look("犬の登録")
    source = page.get_by_label("手続きの定義(YAML)")
    text = source.input_value()

    _break_and_mend(publisher, text)

    dearer = (
        text.replace('amount: "3000"', 'amount: "3200"').replace("3,000円", "3,200円").replace("3,000 yen", "3,200 yen")
    )
    source.fill(dearer)
    faults = page.locator("#definition-faults")
    expect(faults).to_contain_text("手数料は3,550円のはずですが、3,750円です。")
    expect(page.get_by_role("button", name="公開する…")).to_be_disabled()
    source.fill(dearer.replace("fee: 3550", "fee: 3750"))
    expect(faults.locator('[data-severity="error"]')).to_have_count(0)
    page.get_by_role("button", name=re.compile("犬のこと")).click()
    preview = page.locator("#preview-pane .device")
    expect(preview).to_contain_text("登録は初めてですか")
    preview.locator('[name="origin"][value="first"]').check()
    expect(preview).to_contain_text("3,200円")
    publisher.look()
    publisher.press("下書きを保存する")
    page.wait_for_load_state()
    publisher.follow("前の版と比べる")
    publisher.look("第1版と第2版のちがい")
    expect(page.locator('[data-topic="money"]')).to_contain_text("3,200円")
    publisher.follow("編集にもどる")
    publisher.press("公開する…")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("変更の理由").fill("手数料の改定")
    publisher.look()
    dialog.get_by_role("button", name="公開する").click()
    publisher.sees("公開しました。")
    publisher.look()

    early_visitor.answer({"vaccinated": "no"})
    dog.to_review(early_visitor)
    dog.agree(early_visitor, mailbox, "early@example.jp")
    early_visitor.press("3,000円を支払って申請を送る")
    early_visitor.page.wait_for_url("**/c/pay/**")
    early_visitor.sees("3,000")

    late = visit(CITY)
    late.goto("/procedures/dog-registration")
    late.sees("3,200円")
    dog.up_to_vaccination(late)
    late.answer({"vaccinated": "no"})
    expect(late.page.locator("#live-panel")).to_contain_text("3,200円")


def _break_and_mend(publisher: Visitor, text: str) -> None:
    """A slip of the pen is shown with its line, and is gone when fixed."""
    source, faults = publisher.page.get_by_label("手続きの定義(YAML)"), publisher.page.locator("#definition-faults")
    slip = "type: birthdya\n"
    broken = text.replace("type: birthday\n", slip, 1)
    line = broken[: broken.index(slip)].count("\n") + 1
    source.fill(broken)
    expect(faults.get_by_role("link", name=f"{line}行目", exact=True).first).to_be_visible()
    expect(publisher.page.get_by_role("button", name="公開する…")).to_be_disabled()
    publisher.look()
    source.fill(text)
    expect(faults.locator('[data-severity="error"]')).to_have_count(0)


def test_a_missing_answer_of_an_old_example_is_written_by_one_press(at_desk: Callable[..., Visitor]) -> None:
    publisher = at_desk("yamamoto", CITY)
    page = publisher.page
    publisher.goto("/desk/procedures/dog-registration")
    cut_off = "() => { const page = document.querySelector('.device'); return page.scrollHeight - page.clientHeight }"
    assert page.evaluate(cut_off) <= 1, "the whole page can be scrolled to"
    source = page.get_by_label("手続きの定義(YAML)")
    before = source.input_value()
    phone = "      - person.phone\n"
    with_question = with_whole_examples(before, 4).replace(
        phone, phone + "      - {id: collar, type: yes_no, label: {ja: 首輪}}  # 😀\n"
    )
    source.fill(with_question)
    faults = page.locator("#definition-faults")
    expect(faults.get_by_role("button", name="本文に書き足す")).to_have_count(4)
    publisher.look()
    faults.get_by_role("button", name="本文に書き足す").first.click()
    expect(faults.get_by_role("button", name="本文に書き足す")).to_have_count(3)
    assert source.input_value().count("      collar: false\n") == 1
    assert source.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "      collar: false"
    source.press("Control+z")
    expect(source).to_have_value(with_question)
    faults.get_by_role("button", name=re.compile("すべて書き足す")).click()
    expect(faults.get_by_role("button", name="本文に書き足す")).to_have_count(0)
    assert source.input_value().count("      collar: false\n") == 4
    page.on("dialog", lambda dialog: dialog.accept())
