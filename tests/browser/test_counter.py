"""The money of a day at a counter, and a month in the books: what a cashier and an accountant do, at their desks."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.visitor import Visitor


def test_a_day_at_the_till_is_closed_with_a_difference_explained(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page = window.page
    window.goto("/desk/ledger/open-items?account=receivable")
    owed = page.get_by_role("region", name="未済の明細").get_by_role("link").all_inner_texts()
    number, another = list(dict.fromkeys(owed))[:2]
    window.goto("/desk/tills")
    window.look("レジ")
    window.answer({"title": "1番窓口"})
    window.press("レジを置く")
    window.answer({"float_amount": "50,000"})
    window.press("レジを開ける")
    window.look("1番窓口")
    window.answer({"q": number})
    window.press("さがす")
    window.answer({"tendered": "100000"})
    window.look()
    page.get_by_role("button", name=re.compile("円を受け取る$")).click()
    window.sees("お釣り")
    window.look()
    window.follow("次の人へ")
    window.answer({"q": another})
    window.press("さがす")
    window.answer({"method": "card_reader", "slip_number": "004711", "brand": "jcb"})
    page.get_by_role("button", name=re.compile("円を受け取る$")).click()
    window.follow("次の人へ")
    window.follow("現金を数えて締める")
    window.look("1番窓口を締める")
    expected = page.locator("[name=expected]").input_value()
    window.answer({"pieces-1": str(int(expected) - 100)})
    window.press("数えた金額で締める")
    window.sees("過不足-100円")
    window.look()
    window.answer({"reason": "お釣りを100円多く渡しました。"})
    window.press("数えた金額で締める")
    window.look("レジの日計")
    window.sees("お釣りを100円多く渡しました。")
    window.goto("/desk/tills/month")
    window.look("レジの記録")
    expect(page.get_by_role("region", name="日ごとの記録")).to_contain_text("-100円")
    window.goto("/desk/tills/cards")
    window.look("カード会社の入金")
    expect(page.get_by_role("region", name="カードの記録")).to_contain_text("004711")
    statement = f"伝票番号,ブランド,利用日,売上金額,手数料\n4711,JCB,{today()},1,0\n99,VISA,{today()},500,16\n"
    page.locator("#company").fill("市民カード")
    page.get_by_label("明細のファイル").set_input_files(
        {"name": "cards.csv", "mimeType": "text/csv", "buffer": statement.encode("cp932")}
    )
    window.press("中身を確かめる")
    window.look("取り込む前のカード会社の明細")
    expect(page.get_by_role("region", name="明細")).to_contain_text("こちらに記録がありません")
    window.press("やめる")


def test_a_month_is_closed_by_the_accountant(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    window.goto("/desk/ledger/closings")
    window.press("この月を締める")
    window.sees("締めています")
    window.look("帳簿")
    window.goto("/desk/ledger/slips")
    window.look("帳簿")
    for address, heading in (
        ("/desk/payments/settings", "支払い方法の設定"),
        ("/desk/payments/methods", "料金ごとの支払い方法"),
        ("/desk/payments/overdue", "期限が過ぎた料金"),
        ("/desk/tills/cards", "カード会社の入金"),
    ):
        window.goto(address)
        window.look(heading)
