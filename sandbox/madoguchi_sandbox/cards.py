"""The test cards of the Checkout page, with the numbers and outcomes Stripe publishes for testing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card: `decline` is Stripe's decline code ("" = succeeds), `refund` the outcome of its refunds, `disputed` at once."""

    number: str
    brand: str
    description: str
    decline: str = ""
    refund: str = "succeeded"
    disputed: bool = False

    @property
    def last4(self) -> str:
        """Return the last four digits, which may be shown."""
        return self.number[-4:]


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "visa", "支払いに成功"),
        Card("5555555555554444", "mastercard", "支払いに成功"),
        Card("3530111333300000", "jcb", "支払いに成功"),
        Card("4000000000000002", "visa", "カード会社が断る", decline="generic_decline"),
        Card("4000000000009995", "visa", "残高不足で断られる", decline="insufficient_funds"),
        Card("4000000000000069", "visa", "有効期限切れで断られる", decline="expired_card"),
        Card("4000000000007726", "visa", "支払いに成功。返金は、あとで完了", refund="pending"),
        Card("4000000000005126", "visa", "支払いに成功。返金は、あとで失敗", refund="failed"),
        Card("4000000000000259", "visa", "支払いに成功。すぐに異議が申し立てられる", disputed=True),
    )
}

DECLINE_MESSAGES = {
    "generic_decline": "このカードは使えませんでした。別のカードか、ほかの支払い方法をお試しください。",
    "insufficient_funds": "カードの残高が足りません。別のカードをお試しください。",
    "expired_card": "カードの有効期限が切れています。別のカードをお試しください。",
    "paypay_declined": "PayPayでの支払いが取りやめられました。もう一度試すか、ほかの支払い方法をお選びください。",
    "unknown_card": "テスト環境では、画面に出ているテスト用のカード番号だけが使えます。",
}


def card_by_number(text: str) -> Card | None:
    """Return the card whose number is `text`, spaces and hyphens ignored; None if it is not a test card."""
    return CARDS.get("".join(ch for ch in text if ch.isdigit()))
