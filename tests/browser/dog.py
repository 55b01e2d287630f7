"""The registration of a dog, page by page: the application that most journeys about money begin with."""

from datetime import timedelta
from pathlib import Path

from portal.core.clock import today
from tests.browser.applications import KANA
from tests.browser.mailbox import Mailbox
from tests.browser.papers import photo
from tests.browser.people import HOME_IN_MITAKA, OWNER, prove_address
from tests.browser.visitor import Visitor

DOG = {"origin": "first", "dog_name": "こむぎ", "dog_sex": "female", "breed": "柴犬"}


def begin(window: Visitor) -> None:
    """To the first page of questions."""
    window.goto("/procedures/dog-registration")
    window.press("入力をはじめる")
    window.page.wait_for_url("**/owner")


def owner(window: Visitor) -> None:
    """The owner of the dog and the address: in the city that is visited."""
    home = HOME_IN_MITAKA if "//mitaka." in window.origin else {}
    window.answer(OWNER | KANA | home)
    window.press("保存して次へ")
    window.page.wait_for_url("**/dog")


def dog(window: Visitor) -> None:
    """The dog, half a year old."""
    window.answer(DOG | {"dog_birthday": (today() - timedelta(days=180)).isoformat()})
    window.press("保存して次へ")
    window.page.wait_for_url("**/looks")
    window.answer({"colour": "茶"})
    window.press("保存して次へ")
    window.page.wait_for_url("**/vaccination")


def up_to_vaccination(window: Visitor) -> None:
    """From the procedure's page to the last page of questions."""
    begin(window)
    owner(window)
    dog(window)


def vaccinated(window: Visitor, folder: Path) -> None:
    """Vaccinated ten days ago; the questions about that come after the answer."""
    window.answer({"vaccinated": "yes"})
    if not window.scripts:
        window.press("保存して確認へ")
        window.look("狂犬病の予防注射")
    window.answer(
        {
            "vaccinated_on": (today() - timedelta(days=10)).isoformat(),
            "certificate.upload": photo(folder, "注射済証.jpg"),
        }
    )


def to_review(window: Visitor) -> None:
    """From the last page of questions to the review."""
    window.press("保存して確認へ")
    window.page.wait_for_url("**/review")


def ready_to_pay(window: Visitor, mailbox: Mailbox, address: str) -> None:
    """Registered without a vaccination (3,000円), up to the review with the address proved and the box ticked."""
    up_to_vaccination(window)
    window.answer({"vaccinated": "no"})
    to_review(window)
    agree(window, mailbox, address)


def agree(window: Visitor, mailbox: Mailbox, address: str) -> None:
    """Prove the address and tick the box."""
    prove_address(window, mailbox, address)
    window.page.get_by_label("内容に間違いはありません。").check()
