"""Names of Japanese cities in Korean letters, as the National Institute of Korean Language writes them."""

import pytest

from writing.hangul import hangul


@pytest.mark.parametrize(
    ("kana", "korean"),
    [
        ("タチカワ", "다치카와"),
        ("ミタカ", "미타카"),
        ("ヒノ", "히노"),
        ("トウキョウ", "도쿄"),
        ("オオサカ", "오사카"),
        ("ニイガタ", "니가타"),
        ("コクブンジ", "고쿠분지"),
        ("フチュウ", "후추"),
        ("チョウフ", "조후"),
        ("サッポロ", "삿포로"),
        ("チバ", "지바"),
        ("ツシマ", "쓰시마"),
        ("キュウシュウ", "규슈"),
        ("", ""),
        ("Hino", "Hino"),
    ],
)
def test_a_name_sounds_in_korean_as_it_does_in_japanese(kana: str, korean: str) -> None:
    assert hangul(kana) == korean
