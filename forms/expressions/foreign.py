"""What people write who know other languages: its form here, and what there is to choose from where nothing is like it."""

import re
from collections.abc import Iterator
from functools import cache

from forms.expressions.functions.dates import DATES
from forms.expressions.functions.numbers import NUMBERS
from forms.expressions.functions.periods import PERIODS
from forms.expressions.functions.texts import TEXTS

_COUNT = "個数は size(質問)、条件に合う行の数は 行.filter(x, 条件).size()"
_CASE = "場合分けは「条件 ? A : B」"
_ANSWERED = "答えがあるかは answered(質問)、ないかは !answered(質問)"
_LIST = "並びに入っているかは 'a' in 質問、文字を含むかは 質問.contains('a')"
_DAYS = "日数は period.days のように期間の質問から取ります。日付に足すには day + days(14)"
_TODAY = "申請の日は today()"
_ROUND = "端数は ceil(数)、floor(数)、round_to(数, 単位)"
#: How functions of other languages and of spreadsheets are written here, by their lower-case names.
FUNCTIONS_ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("len", "length", "count", "counta", "countif", "strlen", "count_if"), _COUNT),
    **dict.fromkeys(("if", "iif", "ifs", "case", "switch", "choose", "when", "cond"), _CASE),
    **dict.fromkeys(("and", "or", "not", "xor"), "「かつ」は &&、「または」は ||、「でない」は !"),
    **dict.fromkeys(("in", "includes", "include", "contain", "has_value", "find", "search", "index_of"), _LIST),
    **dict.fromkeys(
        ("isempty", "is_empty", "empty", "isblank", "is_blank", "isnull", "is_null", "isset", "exists_answer"),
        _ANSWERED,
    ),
    **dict.fromkeys(("defined", "present", "filled", "isnotempty", "is_not_empty"), _ANSWERED),
    **dict.fromkeys(
        ("coalesce", "ifnull", "orvalue", "nvl", "default"),
        "空けた答えは数なら 0、文字なら空として数えるので、そのまま 質問",
    ),
    **dict.fromkeys(("now", "current_date", "date_now", "getdate"), _TODAY),
    **dict.fromkeys(("datedif", "datediff", "date_diff", "days_between"), _DAYS),
    **dict.fromkeys(("round", "roundup", "rounddown", "ceiling", "int", "trunc", "truncate"), _ROUND),
    "between": "範囲は x >= 1 && x <= 10",
    **dict.fromkeys(("any", "some"), "どれか1つの行で成り立つことは 行.exists(x, 条件)"),
    **dict.fromkeys(("every", "foreach", "for_all"), "すべての行で成り立つことは 行.all(x, 条件)"),
    **dict.fromkeys(("sumif", "total", "sum_if"), "合計は sum(行.map(x, x.数))"),
    **dict.fromkeys(("concat", "concatenate", "join"), "文字をつなぐには +"),
    **dict.fromkeys(("str", "to_string", "tostring", "text"), "数を文字にするには string(数)"),
    **dict.fromkeys(("datetime", "to_date", "parse_date", "dateserial", "datevalue"), "日付は date('2026-04-01')"),
}

#: Operators and words of other languages, and how they are written here; the first that fits counts.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"\b(IF|if)\s*\(|\b(then|else|elif|THEN|ELSE)\b|^\s*if\b|\bCASE\b", f"{_CASE}と書きます。"),
        (r"\b(BETWEEN|between)\b", "範囲は x >= 1 && x <= 10 と書きます。"),
        (r"\b([Aa]nd|AND|[Oo]r|OR|[Nn]ot|NOT)\b", "「かつ」は &&、「または」は ||、「でない」は ! と書きます。"),
        (r"\bIN\b", "並びに入っていることは、小文字で x in ['a', 'b'] と書きます。"),
        (r"\b(IS|is)\s+(NOT\s+|not\s+)?(NULL|null|None|EMPTY|empty)\b", f"{_ANSWERED} で確かめます。"),
        (r"\b(LIKE|like)\b", "文字を含むことは 質問.contains('a') と書きます。"),
        (r"===|!==", "等しいことは ==、等しくないことは != と書きます。"),
        (r"<>|≠", "等しくないことは != と書きます。"),
        (r"=<|=>|≦|≧|≤|≥", "以上は >=、以下は <= と書きます。"),
        (r"[&|＆｜]", "「かつ」は &&、「または」は || と、2つ続けて書きます。"),
        (r"(?<![=!<>])=(?!=)", "等しいことは == と書きます。"),
        (r"[（）＋－×÷＝＜＞’‘”“、]", "括弧、引用符、記号は半角で書きます。掛け算は *、割り算は / です。"),
        (r"\*\*|\^", "べき乗はありません。掛け算を x * x のように書いてください。"),
        (r";\s*$", "「;」を消してください。"),
    )
)
_DOUBLE_SIGNS = re.compile(r"&&|\|\|")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


def sign_hint(text: str) -> str:
    """How an operator or a word of another language in an expression is written here; empty if there is none."""
    bare = _DOUBLE_SIGNS.sub("  ", _QUOTED.sub("''", text))
    return next((form for pattern, form in _SIGNS if pattern.search(bare)), "")


def function_hint(name: str) -> str:
    """How a function of another language is written here; empty if it is none that is known."""
    form = FUNCTIONS_ELSEWHERE.get(name.rsplit(".", 1)[-1].lower())
    return f"{form} と書きます。" if form else ""


@cache
def functions_in_groups() -> str:
    """All functions by what they are for, as a remedy."""
    return f"使える関数は、{'、'.join(_groups())} です。"


def _groups() -> Iterator[str]:
    yield "行と並び(exists exists_one all filter map size sum in)"
    for title, functions in (("数", NUMBERS), ("日付", DATES), ("期間", PERIODS), ("文字", TEXTS)):
        names = [function.name for function in functions if function.name not in ("size", "sum")]
        yield f"{title}({' '.join(names)})"
    yield "答えの有無(answered no found)"
