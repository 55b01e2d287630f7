"""Payers of whom the provider keeps an account to transfer to: forgotten there, once a case's retention period is over."""

from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.payments.models import PaymentAttempt
from portal.payments.provider import InvalidApiKey, ProviderRejected
from portal.payments.provider_accounts import is_at_former_account, provider_for


def forget_customer(city_key: str, attempt_id: int) -> None:
    """Let the provider empty what was typed there about the payer of an attempt; safe to repeat. Raises ProviderUnavailable.

    What the provider does not know any more, or keeps at an account that is closed, is out of reach, and forgotten here all the same.
    """
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        customer_id, provider = attempt.customer_id, provider_for(session, attempt)
        is_former = is_at_former_account(session, attempt)
    if customer_id is None:
        return
    try:
        provider.forget_customer(customer_id)
    except ProviderRejected:
        pass
    except InvalidApiKey:
        if not is_former:
            raise
    with city_session(city_key) as session:
        _forget(session, attempt_id)


def _forget(session: Session, attempt_id: int) -> None:
    session.get_one(PaymentAttempt, attempt_id).customer_id = None
