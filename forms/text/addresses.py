"""Parts of a Japanese address: postal codes, prefectures, house numbers."""

import re

from writing.folding import ANSWER, CODE, PLACE, dashes_at_digits, single_spaces
from writing.numerals import single_digits

# fmt: off
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)
# fmt: on
_POSTAL_CODE = re.compile(r"(?:郵便番号\s*:?|[〒〠])?\s*(\d{3})\s*[-.・]?\s*(\d{4})")
_DASH_IN_NUMBER = re.compile(r"(?<=[0-9A-Za-z])－(?=[0-9A-Za-z])")


def parse_postal_code(text: str) -> str | None:
    """Seven digits of 190-8666, 〒1908666 or １９０－８６６６ (stored without hyphen); None if it is no postal code."""
    match = _POSTAL_CODE.fullmatch(single_digits(CODE(text)))
    return "".join(str(int(digit)) for digit in match[1] + match[2]) if match else None


def show_postal_code(code: str) -> str:
    """A stored postal code as it is written: 190-8666."""
    return f"{code[:3]}-{code[3:]}"


def parse_prefecture(text: str) -> str:
    """The prefecture's full name; 東京 and 東京都 are the same. What is no prefecture comes back as typed."""
    typed = single_spaces(text)
    for name in PREFECTURES:
        if typed and typed in (name, name[:-1]):
            return name
    return typed


def same_city(prefecture: str, city: str, home_prefecture: str, home_city: str) -> bool:
    """Whether the city of an address is the one with that name, however it is written: 龍ヶ崎市 is 龍ケ崎市, 西多摩郡瑞穂町 is 瑞穂町.

    A ward (横浜市西区) and anything else behind the name belong to it. The prefecture may stand before the name once more.
    """
    written, name, region = PLACE(city), PLACE(home_city), PLACE(home_prefecture)
    if not name or PLACE(prefecture) != region:
        return False
    written = written.removeprefix(region)
    return written.startswith(name) or bool(re.match(rf"[^区町村]{{1,6}}[郡島]{re.escape(name)}", written))


def house_number(text: str) -> str:
    """A block and house number with plain digits and hyphens: １－２－３ is 1-2-3; 1丁目2番3号 stays in words."""
    return _DASH_IN_NUMBER.sub("-", dashes_at_digits(single_spaces(ANSWER(text))))
