"""Texts that are not definitions: each gets one plain diagnostic on its line, whatever it holds."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import DefinitionError
from forms.catalogue.vocabulary import CATALOGUE
from forms.definition import source
from forms.definition.source import MAX_BYTES, MAX_DEPTH, Reading, read, read_source
from tests.unit.forms.making import unhurried

BAD = [
    pytest.param("", 1, "空です", id="empty"),
    pytest.param("null", 1, "空です", id="null"),
    pytest.param("- a\n- b", 1, "項目の並びではありません", id="a list"),
    pytest.param("足場", 1, "項目の並びではありません", id="a word"),
    pytest.param("a: 1\nb: 2\na: 3", 3, "「a」が2回あります", id="a key twice"),
    pytest.param('{"a": 1,\n "a": 2}', 2, "「a」が2回あります", id="a JSON key twice"),
    pytest.param("a: 1\n\tb: 2", 2, "YAMLとして読めません", id="a tab"),
    pytest.param("a: 1\nb: [1, 2", 2, "YAMLとして読めません", id="an open bracket"),
    pytest.param("a: 1\nb: c: d", 2, "YAMLとして読めません", id="a colon in a text"),
    pytest.param("a: 1\nb: 'x", 2, "YAMLとして読めません", id="an open quote"),
    pytest.param("a: &x [1]\nb: 2", 1, "別名", id="an anchor"),
    pytest.param("a: 1\nb: *x", 2, "別名", id="an alias"),
    pytest.param("a: !!python/object:os.system x", 1, "型の指定", id="a tag"),
    pytest.param("a: 1\n---\nb: 2", 2, "文書が2つ", id="two documents"),
    pytest.param("? [1, 2]\n: 3", 1, "見出しが文字ではありません", id="a list as key"),
    pytest.param("a: 1\nb: \x00", 2, "U+0000", id="NUL"),
    pytest.param('a: 1\nb: "\\0"', 2, "表示できない文字", id="an escaped NUL"),
    pytest.param("a: 1\n\nb: \ud800", 3, "U+D800", id="half a character"),
    pytest.param('{"a": "\\ud83d"}', 1, "表示できない文字", id="half an escaped character"),
    pytest.param(b"a: 1\nb: \xff", 2, "UTF-8", id="not UTF-8"),
    pytest.param("a: " + "x" * 10_000_000, 1, "大きすぎます", id="10 MB"),
    pytest.param("[" * 40 + "]" * 40, 1, "入れ子", id="40 brackets"),
    pytest.param("".join("  " * depth + "a:\n" for depth in range(40)), MAX_DEPTH + 1, "入れ子", id="40 levels"),
    pytest.param("a: [" + "1," * 60_000 + "1]", 1, "項目が多すぎます", id="60,000 parts", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("text", "line", "fragment"), BAD)
def test_bad_text_is_rejected_on_its_line(text: str | bytes, line: int, fragment: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_source(text)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.line == line
    assert fragment in diagnostic.message


def test_an_alias_bomb_is_rejected_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    with pytest.raises(DefinitionError, match="別名"):
        read_source(bomb)


def test_scalars_follow_yaml_1_2() -> None:
    source = read_source(
        "a: 2026-04-01\nb: no\nc: 010\nd: 1.50\ne: true\nf: ~\ng: '1'\nh: 0x10\ni: 12345678901234567890"
    )
    assert source.tree == {
        "a": "2026-04-01",
        "b": "no",
        "c": 10,
        "d": 1.5,
        "e": True,
        "f": None,
        "g": "1",
        "h": "0x10",
        "i": "12345678901234567890",
    }


def test_json_is_read_the_same_way_with_tabs_and_escaped_pairs() -> None:
    assert read_source('{\n\t"a": "\\ud83d\\ude00",\n\t"b": [1, null]\n}').tree == {"a": "😀", "b": [1, None]}


def test_every_part_knows_its_line() -> None:
    source = read_source("a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n")
    assert source.line(("a", 0, "c")) == 3
    assert source.line(("a", 1, "d")) == 5
    assert source.line(("a", 1, "not", "there")) == 5
    assert source.line(("nowhere",)) == 1


@unhurried
@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_read_or_rejected(text: str | bytes) -> None:
    try:
        assert isinstance(read_source(text).tree, dict)
    except DefinitionError as error:
        assert error.diagnostics
        assert all(diagnostic.line >= 1 for diagnostic in error.diagnostics)


@pytest.mark.slow
def test_the_largest_text_is_read_within_seconds() -> None:
    line = "  - {id: a, title: {ja: 足場}}\n"
    text = "a:\n" + line * 4000
    assert len(text) < MAX_BYTES
    tree = read_source(text).tree
    assert isinstance(tree["a"], list)
    assert len(tree["a"]) == 4000


_SHIPPED = sorted(CATALOGUE.rglob("*.yaml"))


def _thoroughly(text: str) -> Reading:
    """What the parser of YAML 1.2 alone makes of a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "reads_alike", lambda _text: False)
        return read.__wrapped__(text)


@pytest.mark.slow
@pytest.mark.parametrize("path", _SHIPPED, ids=[path.stem for path in _SHIPPED])
def test_both_parsers_read_a_shipped_definition_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read.__wrapped__(text) == _thoroughly(text)


@pytest.mark.parametrize("text", ["a: |# words\n  b", "a: >-#\n  b", "a: 'x|#y'"])
def test_both_parsers_read_a_comment_behind_the_sign_of_a_block_alike(text: str) -> None:
    assert read.__wrapped__(text) == _thoroughly(text)


@unhurried
@given(st.data())
def test_both_parsers_read_a_definition_in_the_making_alike(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(_SHIPPED)).read_text(encoding="utf-8").split("\n")
    first = data.draw(st.integers(0, len(lines) - 1))
    text = textwrap.dedent("\n".join(lines[first : first + data.draw(st.integers(1, 8))]))
    place = data.draw(st.integers(0, len(text)))
    typed = data.draw(st.text(st.sampled_from(":,#{}\"'|>-&*! \n\t\u3000\u0085\u2028éぁ😀"), max_size=2))
    text = text[:place] + typed + text[place:]
    assert read.__wrapped__(text) == _thoroughly(text)
