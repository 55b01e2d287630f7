"""Names of places are one name in kana, Latin letters and Hangul."""

import pytest

from writing.sounds import hangul_sound_of, sound_of, without_voice


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("チョウフ", "Chofu"),
        ("ちょうふ", "Chōfu"),
        ("チョウフ", "Choufu"),
        ("フッサ", "Fussa"),
        ("コクブンジ", "Kokubunji"),
        ("シンバシ", "Shimbashi"),
        ("ムサシノ", "Musashino"),
        ("オウメ", "Ome"),
        ("ツルガ", "Tsuruga"),
    ],
)
def test_a_name_sounds_the_same_in_latin_letters(kana: str, latin: str) -> None:
    assert sound_of(kana) == sound_of(latin) != ""


@pytest.mark.parametrize(
    ("kana", "hangul"),
    [
        ("チョウフ", "조후"),
        ("ミタカシ", "미타카시"),
        ("フッサ", "훗사"),
        ("ツルガ", "쓰루가"),
        ("コクブンジ", "고쿠분지"),
        ("シンジュク", "신주쿠"),
    ],
)
def test_a_name_sounds_the_same_in_hangul(kana: str, hangul: str) -> None:
    assert hangul_sound_of(hangul) == without_voice(sound_of(kana)) != ""


@pytest.mark.parametrize("other", ["立川", "Москва", "Tachi川", ""])
def test_other_letters_have_no_sound(other: str) -> None:
    assert sound_of(other) == ""
    assert hangul_sound_of(other) == ""
