"""The mail to somebody who paid by a link and wanted to be told: what was paid, and nothing of the case. Then their address is forgotten."""

from datetime import timedelta
from typing import Final

from sqlalchemy import null, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.text import pick
from portal.notifications import send_mail
from portal.payments.models import PaymentAttempt
from portal.payments.payment_links import titles_of_link
from portal.payments.rules import LIVE

KEPT_FOR: Final = timedelta(days=30)
"""How long an address stays with an attempt that came to nothing; a voucher may still be paid after it expired."""


def confirm_to_payer(session: Session, attempt: PaymentAttempt) -> None:
    """Tell the payer, if the attempt has their address. It belongs to the transaction in which the money is received."""
    if attempt.payer is None or attempt.link_id is None:
        return
    language = attempt.payer["language"]
    titles = dict.fromkeys(pick(title, language) for title in titles_of_link(session, attempt.link_id).values())
    send_mail(
        session,
        "payer_confirmation",
        to=attempt.payer["email"],
        language=language,
        titles=list(titles),
        amount=attempt.received_amount,
        path="/",
    )
    attempt.payer = None


def forget_payers(city_key: str) -> None:
    """Forget the addresses of payers whose attempts came to nothing long ago."""
    ended = PaymentAttempt.status.not_in(LIVE), PaymentAttempt.created_at < now() - KEPT_FOR
    with city_session(city_key) as session:
        session.execute(update(PaymentAttempt).where(PaymentAttempt.payer.is_not(None), *ended).values(payer=null()))
