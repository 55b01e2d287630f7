"""What becomes of the money that was paid for a case, in the words of its letters and of its page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.text import _, sentences, yen
from portal.payments import payments_of_case, refunds_for_counter, standings

_UNDER_WAY = frozenset({"approved", "pending", "requires_action", "failed"})
"""Refunds that were decided and have not arrived: one that failed, the city transfers."""


@dataclass(frozen=True)
class MoneyBack:
    """Yen that were `paid` for a case; of those, yen on their way back, yen that came back (`given_back`), and yen of which a second person
    must still decide (`undecided`). `by_store`, `by_office`: how some of it was paid, which decides how it comes back. `asked_for`: something was asked for,
    whether or not it was paid; `by_mail`: whether there is an address to write to.
    """

    paid: int = 0
    under_way: int = 0
    given_back: int = 0
    undecided: int = 0
    by_store: bool = False
    by_office: bool = False
    asked_for: bool = False
    by_mail: bool = False

    @property
    def words(self) -> str:
        """What goes back, how and when, in sentences; empty where nothing does."""
        told = []
        back = self.under_way + self.given_back
        if self.given_back and not self.under_way:
            told.append(_("{amount}をお返ししました。", amount=yen(self.given_back)))
        elif back and back == self.paid:
            told.append(_("支払った{amount}は、お返しします。", amount=yen(back)))
        elif back and self.undecided:
            told.append(_("{amount}をお返しする手続きをしています。", amount=yen(back)))
        elif back:
            told.append(
                _(
                    "支払った{paid}のうち、{back}をお返しします。残りは、お返しできません。",
                    paid=yen(self.paid),
                    back=yen(back),
                )
            )
        if self.under_way:
            told += self._how
        if self.undecided:
            told.append(_("{amount}をお返しするかどうかを、市役所が確かめています。", amount=yen(self.undecided)))
        return sentences(told)

    @property
    def words_after_withdrawal(self) -> str:
        """The same for who took it back, who also reads that nothing goes back, or that nothing is to pay."""
        if self.paid and not (self.under_way or self.given_back or self.undecided):
            return _("支払った{amount}は、お返しできません。", amount=yen(self.paid))
        if self.asked_for and not self.paid:
            return _("料金を支払う必要はありません。")
        return self.words

    @property
    def _how(self) -> list[str]:
        how = []
        if self.by_store:
            how.append(_("コンビニで支払ったお金は、口座に振り込みます。口座をおたずねするメールが届きます。"))
        if self.by_office:
            how.append(_("返しかたを、市役所からご連絡します。"))
        if not how:
            how.append(_("お手元に届くまで、支払い方法によって数日から数週間かかります。"))
            if self.by_mail:
                how.append(_("返金したときに、メールでお知らせします。"))
        return how


def money_back(session: Session, case: Case) -> MoneyBack:
    """Return how it stands with what was paid for a case."""
    payments = payments_of_case(session, case.id)
    refunds = [refund for standing in standings(session, payments) for refund in standing.refunds]
    back = [payment for payment in payments if payment.received]
    return MoneyBack(
        paid=sum(payment.received for payment in payments),
        under_way=sum(refund.amount for refund in refunds if refund.status in _UNDER_WAY),
        given_back=sum(payment.given_back for payment in payments),
        undecided=sum(refund.amount for refund in refunds if refund.status == "requested"),
        by_store=any(payment.method == "konbini" for payment in back),
        by_office=bool(refunds_for_counter(session, [payment.id for payment in back])) if back else False,
        asked_for=bool(payments),
        by_mail=case.contact_email is not None,
    )
