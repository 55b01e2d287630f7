"""What people write never gets into an event: it could never be removed again."""

from unittest.mock import MagicMock

import pytest

from portal.core.events import SYSTEM, record
from portal.payments.events import of_payment


@pytest.mark.parametrize(
    "reason",
    ["佐藤さんの事情 090-0000-0000", "misaki@example.jp", "please call (again)", "a\nb", {"by": "佐藤"}, ["佐藤"]],
)
def test_free_text_is_refused(reason: object) -> None:
    session = MagicMock()
    with pytest.raises(ValueError, match="words in reason"):
        record(session, of_payment(5, 1), "payment.failed", SYSTEM, payment_id=5, reason=reason)
    session.execute.assert_not_called()


@pytest.mark.parametrize("reason", ["card_declined", "amount_differs", None])
def test_codes_are_accepted(reason: str | None) -> None:
    session = MagicMock()
    record(session, of_payment(5, 1), "payment.failed", SYSTEM, payment_id=5, reason=reason)
    session.execute.assert_called_once()
