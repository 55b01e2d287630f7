"""The Korean particle that fits the word before it, as a reader says it."""

import pytest

from forms.text.particles import with_particles


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("예약을(를) 취하하시겠습니까?", "예약을 취하하시겠습니까?"),
        ("신고을(를) 취하하시겠습니까?", "신고를 취하하시겠습니까?"),
        ("‘대형 쓰레기 수거 신청’이(가) 시청에 도착했습니다.", "‘대형 쓰레기 수거 신청’이 시청에 도착했습니다."),
        ("‘전입신고’이(가)", "‘전입신고’가"),
        ("신고와(과) 신청과(와)", "신고와 신청과"),
        ("서울(으)로, 시청(으)로, 학교(으)로", "서울로, 시청으로, 학교로"),
        ("접수번호 12은(는), 13은(는)", "접수번호 12는, 13은"),
        ("misaki@example.jp(으)로, 佐藤을(를)", "misaki@example.jp(으)로, 佐藤을(를)"),
    ],
)
def test_the_particle_fits_the_word(written: str, read: str) -> None:
    assert with_particles(written) == read
