"""What an applicant has seen at the review is distinguished from what they have not."""

from datetime import date

import pytest

from forms import Evaluation, evaluate, load
from portal.cases.review_digest import ReviewOutdated, digest_review, refuse_unseen
from tests.unit.forms.making import field, text

SOURCE = text(
    field("name", "text"),
    field("count", "integer", min=1, max=9),
    fee=[{"id": "each", "label": {"ja": "手数料", "en": "Fee"}, "amount": "count * 300"}],
)


def judged(language: str = "ja", **answers: object) -> Evaluation:
    return evaluate(
        load(SOURCE), {"name": "山田", "count": 2} | answers, {}, today=date(2026, 11, 1), language=language
    )


def test_the_same_content_is_the_same_in_every_language() -> None:
    assert digest_review(1, judged()) == digest_review(1, judged("en"))


@pytest.mark.parametrize(("version_id", "other"), [(1, judged(name="山本")), (1, judged(count=3)), (2, judged())])
def test_a_changed_answer_fee_or_version_was_not_seen(version_id: int, other: Evaluation) -> None:
    with pytest.raises(ReviewOutdated):
        refuse_unseen(version_id, other, digest_review(1, judged()))
