"""Errors in expressions, worded for the clerk who wrote them."""

import re
from collections.abc import Iterable, Mapping

from forms.definition.diagnostics import nearest
from forms.expressions.foreign import function_hint, functions_in_groups, sign_hint
from forms.expressions.functions import FUNCTIONS, Function

_FIRST = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)'")
_NOT_IN_ROW = re.compile(r"undefined field '([^']*)' not found in struct 'row\.([^']*)'")
_EXPECTED_TYPE = re.compile(r"expected type '([^']*)' but found '([^']*)'")
_RESERVED = re.compile(r"reserved identifier: (\w+)")
_NOT_IN = re.compile(r"!\s*[^()\s][^&|]*\sin\b")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_ROWS = re.compile(r"list\(row\.\w+\)|row\.\w+")
_TYPE_WORDS = (
    ("google.protobuf.Timestamp", "日付"),
    ("google.protobuf.Duration", "日数"),
    ("list(string)", "選択肢の並び"),
    ("list(dyn)", "一覧"),
    ("question", "質問"),
    ("double", "数"),
    ("string", "文字"),
    ("null_type", "null"),
    ("bool", "はい・いいえ"),
    ("int", "数"),
    ("dyn", "地図の値"),
)
_RESULT_WORDS = {
    "bool": "はい・いいえ",
    "int": "数",
    "double": "数",
    "string": "文字",
    "timestamp": "日付",
    "duration": "日数",
}
#: Written like functions, but part of the language: they need the name of a question, not its value.
_PRESENCE = {"answered": "answered(質問)", "no": "no(はい・いいえの質問)", "found": "found(地図の値)"}
#: Macros of CEL, which the checker does not report as functions.
_MACROS = frozenset({"has", "exists", "exists_one", "all", "map", "filter"})
_FUNCTION_NAMES = frozenset(FUNCTIONS) | _MACROS | _PRESENCE.keys()
#: Words of other languages that are read as names.
_WORDS_ELSEWHERE = {
    **dict.fromkeys(("True", "TRUE", "yes", "Yes", "YES"), "「はい」は true と書きます。"),
    **dict.fromkeys(("False", "FALSE", "no", "No", "NO"), "「いいえ」は false と書きます。"),
    **dict.fromkeys(
        ("None", "NULL", "nil", "undefined", "empty", "EMPTY"), "答えがあるかは answered(質問) で確かめます。"
    ),
}
_EXPECTED_WORDS = {"bool": "はい・いいえ", "number": "数", "string": "文字", "date": "日付", "any": "1つの値"}


class ExpressionError(ValueError):
    """An expression cannot be used. `line` and `column` count from 1 inside the expression; 1, 1 if not known.

    `unknown` is the name that is not declared, where that is the fault; `unsupported` says that the checker has let it pass.
    """

    def __init__(
        self,
        message: str,
        remedy: str = "",
        line: int = 1,
        column: int = 1,
        *,
        unknown: str | None = None,
        unsupported: bool = False,
    ) -> None:
        super().__init__(message)
        self.message, self.remedy, self.line, self.column = message, remedy, line, column
        self.unknown, self.unsupported = unknown, unsupported

    @property
    def is_near(self) -> bool:
        """Whether the remedy names one spelling that is meant with some certainty."""
        return self.remedy.endswith("ではありませんか。")


def explain(
    text: str,
    error: str,
    variables: Mapping[str, str],
    rows: Mapping[str, Mapping[str, str]],
    own: Mapping[str, Function],
) -> ExpressionError:
    """Return CEL's compile error with a message for clerks and, where possible, the nearest valid name.

    `variables` are the names with their types; `rows` the names inside the rows of each group, `own` the
    functions of the definition (`rates.price`).
    """
    match = _FIRST.search(error)
    if match is None or int(match[1]) < 1:
        return ExpressionError("式が長すぎるか、括弧の入れ子が深すぎます。", "式を短く分けてください。")
    line, column, problem = int(match[1]), int(match[2]), match[3]
    if about_table := _of_a_table(text, (line, column), problem, own):
        message, remedy = about_table
    else:
        message, remedy = _message_and_remedy(text, (line, column), problem, variables, rows)
    unknown = _UNDECLARED.search(problem) or _NOT_IN_ROW.search(problem) or _RESERVED.search(problem)
    return ExpressionError(
        f"{message}(式の{_position(line, column)})",
        remedy,
        line,
        column,
        unknown=unknown[1] if unknown and not _is_called(unknown[1], text) else None,
    )


def _of_a_table(
    text: str, position: tuple[int, int], problem: str, own: Mapping[str, Function]
) -> tuple[str, str] | None:
    """What is wrong with the use of a table; None where the error is about something else."""
    overload, undeclared = _OVERLOAD.search(problem), _UNDECLARED.search(problem)
    if overload and overload[1] in own:
        return f"「{overload[1]}」のかっこの中がちがいます。", f"{own[overload[1]].usage} と書きます。"
    if not undeclared:
        return None
    table = undeclared[1].partition(".")[0]
    usages = [function.usage for name, function in own.items() if name.partition(".")[0] == table]
    if not usages:
        return None
    line, column = position
    written = _DOTTED.match((text.splitlines() or [""])[line - 1], max(column - 1, 0))
    name = written[0] if written else undeclared[1]
    if name in own:
        return f"「{name}」のあとに、かっこが要ります。", f"{own[name].usage} と書きます。"
    return (
        f"表「{table}」に「{name.partition('.')[2] or name}」という列はありません。",
        f"使えるのは {'、'.join(usages)} です。",
    )


def unsupported(function: str) -> ExpressionError:
    """Something that CEL's checker lets through and that means nothing here."""
    if function in _PRESENCE:
        return ExpressionError(
            f"「{function}」のかっこの中には、質問か地図の値の名前を書きます。", _usage(function), unsupported=True
        )
    return ExpressionError(f"「{function}」は使えません。", _function_remedy(function), unsupported=True)


def wrong_result(expected: str, result: str) -> ExpressionError:
    """An expression that comes out as something else than is needed here."""
    is_now = _RESULT_WORDS.get(result, "並びや組")
    remedy = "「object == 'scaffold'」のように比べる式にしてください。" if expected == "bool" else ""
    return ExpressionError(
        f"ここには{_EXPECTED_WORDS[expected]}になる式が要りますが、この式は{is_now}になります。", remedy
    )


def _position(line: int, column: int) -> str:
    return f"{column}文字目" if line == 1 else f"{line}行目{column}文字目"


def _message_and_remedy(
    text: str,
    position: tuple[int, int],
    problem: str,
    variables: Mapping[str, str],
    rows: Mapping[str, Mapping[str, str]],
) -> tuple[str, str]:
    if undeclared := _UNDECLARED.search(problem):
        return _undeclared(undeclared[1], text, variables)
    if in_row := _NOT_IN_ROW.search(problem):
        name, group = in_row[1].replace("X", "."), in_row[2]
        return f"「{group}」の行に「{name}」という質問はありません。", nearest(name, rows.get(group, ()))
    if overload := _OVERLOAD.search(problem):
        return _no_overload(overload[1], overload[2], text)
    if special := _special(text, position, problem, variables, rows):
        return special
    if "Syntax error" in problem:
        return "式の書き方が正しくありません。", _syntax_remedy(text)
    return _other_problem(problem)


def _other_problem(problem: str) -> tuple[str, str]:
    """What CEL reports rarely; its own words are English and never shown."""
    if "range of a comprehension" in problem:
        return (
            "exists、all、map、filter は、くりかえしの行か一覧にだけ使えます。",
            "行の集まりの名前から書いてください。",
        )
    if expected := _EXPECTED_TYPE.search(problem):
        names = dict(_TYPE_WORDS)
        needed, actual = (names.get(name, "別の種類の値") for name in expected.groups())
        return f"ここには{needed}が要りますが、{actual}があります。", "比べる式や計算を確かめてください。"
    if "simple identifier" in problem:
        return (
            "行を表す名前の書き方が正しくありません。",
            "行.exists(x, x.数 > 1) のように、短い名前を1つ書いてください。",
        )
    return "式の書き方が正しくありません。", "括弧、引用符、記号を確かめてください。"


def _special(
    text: str,
    position: tuple[int, int],
    problem: str,
    variables: Mapping[str, str],
    rows: Mapping[str, Mapping[str, str]],
) -> tuple[str, str] | None:
    """Reserved words, `has`, and dots behind something that has no parts."""
    if reserved := _RESERVED.search(problem):
        message = f"「{reserved[1]}」は式の言葉なので、名前として使えません。"
        return message, function_hint(reserved[1]) or "別の名前にしてください。"
    if "has() argument" in problem:
        return "「has」は使えません。", "答えがあるかは answered(質問) で確かめます。"
    if "operand of a select operation" in problem:
        name = _dotted_at(text, position)
        if (head := name.split(".", 1)[0]) in rows:
            inner = name.partition(".")[2]
            message = f"「{head}」は行の集まりなので、「.{inner}」はそれぞれの行にあります。"
            return message, f"{head}.map(x, x.{inner}) や {head}.exists(x, x.{inner} == …) と書きます。"
        if (head := name.split(".", 1)[0]) in variables and variables[head] == "question":
            return _undeclared(name, text, variables)
        head, _dot, part = name.partition(".")
        if part == "id" and variables.get(head) == "string":
            return f"「{head}」は、それだけで選んだ選択肢の id です。", f"{head} と書いてください。"
        return "この項目には、「.」の先がありません。", "「.」から後ろを消してください。"
    return None


def _undeclared(name: str, text: str, variables: Mapping[str, str]) -> tuple[str, str]:
    if name in FUNCTIONS:
        behind_dot = re.search(rf"\.\s*{name}\s*\(", text) is not None
        if behind_dot is not FUNCTIONS[name].method:
            return f"「{name}」の書き方がちがいます。", _usage(name)
        return f"「{name}」のかっこの中が足りないか、多すぎます。", _usage(name)
    if name in _FUNCTION_NAMES:
        return f"「{name}」のかっこの中が足りないか、多すぎます。", _usage(name)
    if _is_called(name, text):
        return f"「{name}」という関数はありません。", _function_remedy(name)
    if macro := re.search(rf"\.\s*(\w+)\s*\(\s*{re.escape(name)}\s*,", text):
        return f"「{macro[1]}」という関数はありません。", _function_remedy(macro[1])
    if remedy := _WORDS_ELSEWHERE.get(name):
        return f"「{name}」という項目はありません。", remedy
    return f"「{name}」という項目はありません。", nearest(name, _near(name, variables))


def _function_remedy(name: str) -> str:
    return function_hint(name) or nearest(name, _FUNCTION_NAMES, functions_in_groups())


def _is_called(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}\s*\(", text) is not None


def _dotted_at(text: str, position: tuple[int, int]) -> str:
    """Return the dotted name around a dot, at a line and column that count from 1."""
    line, column = position
    for match in _DOTTED.finditer((text.splitlines() or [""])[line - 1]):
        if match.start() < column <= match.end():
            return match[0]
    return ""


def _usage(name: str) -> str:
    usage = FUNCTIONS[name].usage if name in FUNCTIONS else _PRESENCE.get(name)
    return f"{usage} と書きます。" if usage else ""


def _near(name: str, variables: Iterable[str]) -> list[str]:
    """Variables of the same field first: after `area.` only what `area` has."""
    names = list(variables)
    head = name.split(".", 1)[0] + "."
    same = [candidate for candidate in names if candidate.startswith(head)]
    return same if same and "." in name else names


def _no_overload(operator: str, types: str, text: str) -> tuple[str, str]:
    operands = _ROWS.sub("くりかえしの行", types.strip("()"))
    for cel_name, type_name in _TYPE_WORDS:
        operands = operands.replace(cel_name, type_name)
    operands = operands.replace(", ", "と")
    symbol = operator.strip("_").replace("_", "").replace("@in", "in")
    if "Timestamp" in types and "string" in types:
        return f"「{symbol}」で{operands}は比べられません。", "日付は date('2026-04-01') の形で書いてください。"
    if "null" in types:
        return "null とは比べられません。", "答えがあるかは answered(質問) で確かめます。"
    if operator == "!_" and _NOT_IN.search(text):
        return f"「!」は{operands}には使えません。", "「!(… in …)」のように、かっこで囲んでください。"
    if "質問" in operands:
        return f"「{symbol}」は{operands}には使えません。", "period.start のように、質問のどの部分かを書いてください。"
    if "選択肢の並び" in operands and operator in ("_==_", "_!=_"):
        return f"「{symbol}」は{operands}には使えません。", "選んだかどうかは「'選択肢のID' in 質問」と書きます。"
    if operator == "_?_:_":
        return "「条件 ? A : B」のAとBの種類がちがいます。", "両方を数、または両方を文字にしてください。"
    if operator.isidentifier() and not operator.startswith("_"):
        remedy = _usage(operator) or "かっこの中の数と種類を確かめてください。"
        return f"「{operator}」は{operands or '何もなし'}では使えません。", remedy
    return f"「{symbol}」は{operands}には使えません。", "左右を同じ種類にしてください。文字は引用符 ' で囲みます。"


def _syntax_remedy(text: str) -> str:
    if "?" in text and ":" not in text:
        return "場合分けは「条件 ? A : B」と、「:」の先も書きます。"
    return sign_hint(text) or "括弧、引用符、記号を確かめてください。"
