"""Sending what one has seen: the review page carries a digest of what it showed, and an old page sends nothing."""

import hashlib
import json
from collections.abc import Iterable

from forms import Evaluation
from portal.core.errors import Conflict
from portal.core.text import _

OUTDATED = "この画面を開いたあとに、入力した内容か料金が変わりました。もう一度確かめてから、送ってください。"


class ReviewOutdated(Conflict):
    """The answers or the fee are not those that the applicant was shown (changed in another window, or by a new day)."""

    def __init__(self) -> None:
        super().__init__(_(OUTDATED))


def digest_review(version_id: int, outcome: Evaluation) -> str:
    """A hexadecimal SHA-256 of everything the applicant vouches for: the definition's version, the answers and each fee line."""
    fee = [
        (line.id, line.row, line.when, line.state, line.amount, line.schedule and line.schedule.as_dict())
        for line in outcome.fee.lines
    ]
    shown = json.dumps([version_id, outcome.answers, fee], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()


def digest_reviews(digests: Iterable[str]) -> str:
    """The same for several applications that are vouched for at once, in their order."""
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()


def refuse_unseen(version_id: int, outcome: Evaluation, digest: str) -> None:
    """Raise ReviewOutdated unless `digest` is that of the page which showed these answers and this fee."""
    if digest != digest_review(version_id, outcome):
        raise ReviewOutdated
