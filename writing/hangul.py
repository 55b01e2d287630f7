"""Japanese names in Korean letters, by the rules of the National Institute of Korean Language (외래어 표기법, 일본어의 가나와 한글 대조표, 제3장 제6절):
タチカワ is 다치카와. Long vowels are not written, ッ closes the syllable before it with ㅅ, ン with ㄴ.
"""

import re
import unicodedata

_ROWS = {
    "アイウエオ": "아이우에오", "サシスセソ": "사시스세소", "ナニヌネノ": "나니누네노", "ハヒフヘホ": "하히후헤호", "マミムメモ": "마미무메모",
    "ヤユヨ": "야유요", "ラリルレロ": "라리루레로", "ワヲ": "와오", "ガギグゲゴ": "가기구게고", "ザジズゼゾ": "자지즈제조",
    "ダヂヅデド": "다지즈데도", "バビブベボ": "바비부베보", "パピプペポ": "파피푸페포",
}  # fmt: skip
_INNER = {"カキクケコ": "카키쿠케코", "タチツテト": "타치쓰테토"}
_FIRST = {"カキクケコ": "가기구게고", "タチツテト": "다지쓰데도"}
"""Two rows sound softer at the beginning of a word."""
_YOON = {
    "キ": "캬큐쿄", "シ": "샤슈쇼", "チ": "차추초", "ニ": "냐뉴뇨", "ヒ": "햐휴효", "ミ": "먀뮤묘", "リ": "랴류료", "ギ": "갸규교", "ジ": "자주조",
    "ビ": "뱌뷰뵤", "ピ": "퍄퓨표",
}  # fmt: skip
_YOON_FIRST = {"キ": "갸규교", "チ": "자주조"}
_LONG = re.compile(
    r"(?<=[オコソトノホモヨロゴゾドボポョ])[ウオ]|(?<=[ウクスツヌフムユルグズヅブプュ])ウ|(?<=[イキシチニヒミリギジビピ])イ|ー"
)
_FINAL = {"ッ": "\u11ba", "ン": "\u11ab"}


def _table(*tables: dict[str, str]) -> dict[str, str]:
    return {
        kana: hangul
        for table in tables
        for row, letters in table.items()
        for kana, hangul in zip(row, letters, strict=True)
    }


def _with_yoon(single: dict[str, str], yoon: dict[str, str]) -> dict[str, str]:
    return single | {
        f"{kana}{small}": hangul for kana, row in yoon.items() for small, hangul in zip("ャュョ", row, strict=True)
    }


_INNER_SOUNDS = _with_yoon(_table(_ROWS, _INNER), _YOON)
_FIRST_SOUNDS = _with_yoon(_table(_ROWS, _FIRST), _YOON | _YOON_FIRST)


def hangul(katakana: str) -> str:
    """A name in katakana as Korean writes it; what has no Korean letter stays as it is."""
    name, written = _LONG.sub("", katakana), ""
    at = 0
    while at < len(name):
        sounds = _FIRST_SOUNDS if at == 0 else _INNER_SOUNDS
        if (sound := name[at]) in _FINAL and written:
            written += _FINAL[sound]
        elif (pair := name[at : at + 2]) in sounds:
            written += sounds[pair]
            at += 1
        else:
            written += sounds.get(sound, sound)
        at += 1
    return unicodedata.normalize("NFC", written)
