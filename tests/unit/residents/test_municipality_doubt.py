"""A city that is spelt as none is spelt is doubted before it is sent, with the one that was probably meant."""

import pytest

from portal.core.text import using_language
from portal.residents.postal_codes import municipality_doubt


@pytest.mark.parametrize(
    ("prefecture", "city", "meant"),
    [("東京都", "八王寺市", "八王子市"), ("東京都", "瑞保町", "瑞穂町")],
)
def test_the_most_similar_name_of_the_prefecture_is_offered(prefecture: str, city: str, meant: str) -> None:
    with using_language("ja"):
        doubt = municipality_doubt({"prefecture": prefecture, "city": city})
    assert doubt == f"{prefecture}に「{city}」は見つかりません。「{meant}」ではありませんか。"


def test_what_is_like_no_name_is_to_be_checked() -> None:
    with using_language("ja"):
        assert "確かめてください" in municipality_doubt({"prefecture": "東京都", "city": "ほげ市"})


@pytest.mark.parametrize(
    ("prefecture", "city"),
    [
        ("東京都", "立川"),
        ("北海道", "札幌市"),
        ("東京都", "瑞穂町"),
        ("神奈川県", "横浜市中区"),
        ("東京都", "Hachioji"),
        ("神奈川県", "横濱市"),
        ("", "ほげ市"),
    ],
)
def test_names_as_people_write_them_are_not_doubted(prefecture: str, city: str) -> None:
    assert municipality_doubt({"prefecture": prefecture, "city": city}) == ""
