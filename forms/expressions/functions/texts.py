"""Functions of texts and lists."""

from collections.abc import Sequence

from forms.expressions.functions.function import Function, Signature
from forms.expressions.functions.numbers import number_text
from forms.expressions.values import Number
from forms.text.graphemes import length
from forms.text.patterns import matches
from writing.numerals import kanji_of


def _size(value: str | Sequence[object]) -> int:
    return length(value) if isinstance(value, str) else len(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number_text(value) if isinstance(value, Number) else str(value)


def _rank(values: Sequence[str], value: str) -> int:
    return values.index(value) + 1 if value in values else 0


def _sum(values: Sequence[Number]) -> Number:
    return sum(values)


def _grouped(value: Number) -> str:
    whole, point, fraction = number_text(value).partition(".")
    return f"{int(whole):,}{point}{fraction}"


_NUMBER_TO_TEXT: tuple[Signature, ...] = ((("int",), "string"), (("double",), "string"))

# fmt: off
TEXTS = (
    Function("size", "size(文字)、size(一覧)", "見たままの文字数、または一覧の数。", "size('葛󠄀飾区')", "3", _size),
    Function("contains", "文字.contains(文字)", "文字を含むか。",
             "'立川市曙町'.contains('曙町')", "はい", lambda text, part: part in text, method=True),
    Function("startsWith", "文字.startsWith(文字)", "文字で始まるか。",
             "'立川市'.startsWith('立川')", "はい", str.startswith, method=True),
    Function("endsWith", "文字.endsWith(文字)", "文字で終わるか。",
             "'立川市'.endsWith('市')", "はい", str.endswith, method=True),
    Function("matches", "文字.matches(型)", "正規表現(RE2)に合うか。",
             "'A-12'.matches('^[A-Z]-[0-9]+$')", "はい", matches, method=True),
    Function("string", "string(値)", "値を文字にしたもの。", "string(12) + '号'", "12号", _text),
    Function("number", "number(数)", "3けたごとに「,」で区切った文字。", "number(12300) + 'm²'", "12,300m²",
             _grouped, _NUMBER_TO_TEXT),
    Function("yen", "yen(数)", "金額の文字。", "yen(12300)", "12,300円", lambda amount: f"{_grouped(amount)}円", _NUMBER_TO_TEXT),
    Function("kanji_number", "kanji_number(数)", "漢数字。書類の金額などに使います。", "'金' + kanji_number(12300) + '円'", "金一万二千三百円",
             kanji_of, ((("int",), "string"),)),
    Function("join", "join(一覧, 文字)", "一覧の文字を、あいだに文字を入れてつないだもの。",
             "join(['甲', '乙'], '、')", "甲、乙",
             lambda parts, between: between.join(parts), ((("list<string>", "string"), "string"),)),
    Function("rank", "rank(一覧, 値)", "一覧の何番目か。1から数え、なければ 0。",
             "rank(['第一', '第二'], '第二')", "2", _rank, ((("list<string>", "string"), "int"),)),
    Function("sum", "sum(一覧)", "一覧の数の合計。",
             "sum([1, 2.5])", "3.5", _sum, ((("list<int>",), "int"), (("list<double>",), "double"))),
)
# fmt: on
