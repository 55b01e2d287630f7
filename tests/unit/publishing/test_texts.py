"""The text of a new procedure, and the difference between two versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check, load
from portal.publishing.lines import changed_lines
from portal.publishing.reach import clean, seen
from portal.publishing.template import starting_text

TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40).filter(
    str.strip
)


@given(TITLES)
def test_the_smallest_definition_can_be_published_under_any_title(title: str) -> None:
    definition = load(starting_text(None, "new-one", title, "roads"))
    assert (definition.procedure, definition.department) == ("new-one", "roads")
    assert definition.title.ja.strip() == title.strip()


@pytest.mark.parametrize(
    "title", ['「"引用符"」の届', "a: b # c", "{ja: x}", "バック\\スラッシュ", "- ハイフン", "100%"]
)
def test_a_title_with_yaml_syntax_stays_a_title(title: str) -> None:
    source = starting_text(None, "new-one", title, "roads")
    assert load(source).title.ja == title
    assert [fault for fault in check(source) if fault.severity == "error"] == []


def test_a_copy_keeps_everything_but_its_names() -> None:
    original = starting_text(None, "old-one", "もとの届", "roads").replace(
        'title: {ja: "もとの届"}', "title:\n  ja: もとの届\n  en: Old"
    )
    copy = load(starting_text(original, "new-one", "新しい届", "waste"))
    assert (copy.procedure, copy.department, copy.title.ja) == ("new-one", "waste", "新しい届")
    assert [step.id for step in copy.steps] == [step.id for step in load(original).steps]


def test_a_changed_line_is_shown_with_both_numbers_and_its_context() -> None:
    before = "\n".join(str(number) for number in range(1, 21))
    after = before.replace("\n10\n", "\n十\n十一\n")
    lines = [(line.kind, line.old, line.new, line.text) for line in changed_lines(before, after)]
    assert lines[0] == ("place", None, None, "")
    assert ("remove", 10, None, "10") in lines
    assert ("add", None, 10, "十") in lines
    assert ("same", 11, 12, "11") in lines
    assert len(lines) == 1 + 3 + 1 + 2 + 3


def test_the_same_text_has_no_changes() -> None:
    assert changed_lines("a\nb", "a\nb") == []


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_the_lines_added_and_removed_lead_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    lines = changed_lines("\n".join(old), "\n".join(new))
    assert all(old[line.old - 1] == line.text for line in lines if line.old)
    assert all(new[line.new - 1] == line.text for line in lines if line.new)
    added = sum(line.kind == "add" for line in lines)
    removed = sum(line.kind == "remove" for line in lines)
    assert added - removed == len(new) - len(old)


@pytest.mark.parametrize(
    ("posted", "stored"),
    [("a\r\nb", "a\nb"), ("a\x00b", "a\ufffdb"), ("a\ud800b", "a?b"), (None, ""), ("日本語", "日本語")],
)
def test_a_posted_text_can_be_stored(posted: str | None, stored: str) -> None:
    assert clean(posted) == stored
    clean(posted).encode()


@pytest.mark.parametrize(("digest", "read"), [("00ff", b"\x00\xff"), ("", b""), (None, b""), ("zz", b"")])
def test_a_malformed_digest_is_none(digest: str | None, read: bytes) -> None:
    assert seen(digest) == read
