"""One answer is written into the text of a definition where it belongs, and everything else stays as its author wrote it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check
from forms.definition.inserting import Edit, NoPlace, apply, insert
from forms.definition.source import read_source
from tests.unit.forms.making import choice, field, text

ORDER = ["name", "kind", "more", "note"]
BLOCK = """\
examples:
  # an ordinary one
  - name: 試し   # by 木村
    on: 2026-04-01
    answers:
      name: 左衛門  # the applicant
      kind: |
        two
        lines

      # about the note
      note: {a: 1,
             b: 2}  # ends here
    expect: {fee: 300}
  - {on: 2026-04-02, answers: {}, expect: {fee: 300}}
"""


def lines_added(before: str, after: str) -> list[str]:
    """What the second text has more; fails when a line of the first is not there any more, or in another order."""
    rest = iter(after.splitlines())
    added: list[str] = []
    for line in before.splitlines():
        for other in rest:
            if other == line:
                break
            added.append(other)
        else:
            pytest.fail(f"lost: {line}")
    return [*added, *rest]


def inserted(source: str, *path: str | int, value: Any = False, order: list[str] | None = None) -> str:
    return apply(source, insert(source, path, value, order or []))


def test_in_block_style_it_gets_a_line_of_its_own_after_the_question_before_it() -> None:
    after = inserted(BLOCK, "examples", 0, "answers", "more", value={"family": "見本"}, order=ORDER)
    assert lines_added(BLOCK, after) == ['      more: {"family": "見本"}']
    assert after.index("        lines") < after.index("more:") < after.index("# about the note")


def test_without_a_known_question_before_it_it_comes_last() -> None:
    after = inserted(BLOCK, "examples", 0, "answers", "zebra")
    assert lines_added(BLOCK, after) == ["      zebra: false"]
    assert after.index("# ends here") < after.index("zebra") < after.index("expect")


def test_in_flow_style_it_stands_among_its_neighbours() -> None:
    assert "answers: {more: false}, expect" in inserted(BLOCK, "examples", 1, "answers", "more")
    after = inserted(BLOCK, "examples", 0, "answers", "note", "c")
    assert "             b: 2,\n             c: false}  # ends here" in after


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{\n a: 1, # x\n b: 2, # y\n}", "{\n a: 1, # x\n b: 2, # y\n c: false,\n}"),
        ("{\n a: 1, # x\n b: 2 # y\n}", "{\n a: 1, # x\n b: 2, # y\n c: false\n}"),
        ("{\n a: 1, # x\n b: 2 }", "{\n a: 1, # x\n b: 2,\n c: false }"),
        ("{a: 1, b: 2}", "{a: 1, b: 2, c: false}"),
        ("{a: 1, b: 2,}", "{a: 1, b: 2, c: false,}"),
        ('{"a": 1}', '{"a": 1, "c": false}'),
        ("a: 1", "a: 1\nc: false\n"),
        ("a: 1 # no line end", "a: 1 # no line end\nc: false\n"),
        ("a: |+\n  x\n\n\n", "a: |+\n  x\n\n\nc: false\n"),
        ("a: >-\n  x\n\n# tail\n", "a: >-\n  x\nc: false\n\n# tail\n"),
        ("a:\n- 1\n- k: 2\n# tail\n", "a:\n- 1\n- k: 2\nc: false\n# tail\n"),
    ],
)
def test_every_way_of_writing_is_kept(source: str, expected: str) -> None:
    assert inserted(source, "c") == expected


def test_in_json_it_stays_json() -> None:
    after = inserted('{"examples": [{"answers": {}}]}', "examples", 0, "answers", "more")
    assert json.loads(after) == {"examples": [{"answers": {"more": False}}]}


def test_mappings_on_the_way_are_made() -> None:
    source = "examples:\n  - on: 2026-04-01\n    expect: {fee: 1}\n"
    assert inserted(source, "examples", 0, "answers", "more") == source + '    answers: {"more": false}\n'


@pytest.mark.parametrize("path", [("a",), ("a", "b"), ("list", 3, "b"), ("nowhere", 0), ()])
def test_what_has_no_place_is_said(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NoPlace):
        insert("a: 1\nlist: [{b: 1}]\n", path, False)


KEYS = st.sampled_from(["a", "b-c", "d_e", "yes", "null"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "二\n行\n", "# no comment", "a: b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4), st.sampled_from(["block", "json", "mixed"]), TREES)
def test_it_reads_back_as_the_same_with_one_part_more(tree: dict[str, Any], style: str, value: Any) -> None:
    from io import StringIO

    from ruamel.yaml import YAML

    if style == "json":
        source = json.dumps(tree, indent=2, ensure_ascii=False)
    else:
        yaml, stream = YAML(typ="safe", pure=True), StringIO()
        yaml.default_flow_style = False if style == "block" else None
        yaml.dump(tree, stream)
        source = "# top\n" + stream.getvalue() + "# end\n"
    before = read_source(source).tree
    after = inserted(source, "new", value=value)
    assert read_source(after).tree == {**before, "new": value}


def test_edits_are_in_order_and_only_add() -> None:
    edits = insert("{\n a: 1, # x\n b: 2 # y\n}", ("c",), False)
    assert edits == sorted(edits, key=lambda edit: edit.offset)
    assert all(isinstance(edit, Edit) and edit.text for edit in edits)


def test_what_a_check_offers_can_be_pressed_until_nothing_is_offered() -> None:
    group = field("items", "group", fields=[field("kind", "text"), choice("size", "s", "l")])
    old = {"on": "2026-04-01", "answers": {"items": [{"kind": "椅子"}, {"kind": "机"}]}, "expect": {"fee": 300}}
    fee = [{"id": "fee", "label": {"ja": "料"}, "amount": "300"}]
    source = text(group, field("more", "yes_no"), fee=fee, examples=[old])
    for _press in range(3):
        offer = next(diagnostic.offer for diagnostic in check(source) if diagnostic.offer)
        source = apply(source, insert(source, offer.path, json.loads(offer.value), offer.order))
    assert [diagnostic for diagnostic in check(source) if "examples" in diagnostic.path] == []


def test_an_empty_answer_that_stands_there_is_left_to_its_author() -> None:
    old = {"on": "2026-04-01", "answers": {"note": "x", "more": ""}, "expect": {"fee": 300}}
    fee = [{"id": "fee", "label": {"ja": "料"}, "amount": "300"}]
    source = text(field("note", "text"), field("more", "text"), fee=fee, examples=[old])
    [diagnostic] = [diagnostic for diagnostic in check(source) if "examples" in diagnostic.path]
    assert diagnostic.offer is None
