"""What somebody is told to bring to the counter, on the page of the receipt and in its mail."""

import pytest

from forms import load
from forms.evaluation.visits import visit_of
from tests.kit.catalogue import shipped_source


@pytest.mark.parametrize(
    ("language", "paper", "card"),
    [
        ("ja", "転出証明書", "マイナンバーカード"),
        ("ja-easy", "転出証明書", "マイナンバーカード"),
        ("en", "Moving-out certificate", "My Number card"),
        ("zh", "迁出证明书", "个人编号卡"),
        ("ko", "전출증명서", "마이넘버카드"),
    ],
)
def test_who_moves_in_is_told_of_the_certificate_of_the_former_city_or_the_card(
    language: str, paper: str, card: str
) -> None:
    visit = visit_of(load(shipped_source("moving-in").encode()), {}, language)
    assert visit is not None
    assert paper in visit.bring[0]
    assert card in visit.bring[0]
