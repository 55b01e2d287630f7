"""The statuses of a case are listed once (`common.status`): code, templates, scripts and SQL take it from there."""

import re

from common.status import CLOSED_STATUSES, OPEN_STATUSES, STATUS_COLOURS, STATUS_WORDS, STATUSES
from tests.house.files import name_of, ours

#: Two statuses beside each other in quotes; a table from each status to something else has a colon between.
SECOND_LIST = re.compile(r"""(['"])({0})\1\s*,\s*(['"])({0})\3""".format("|".join(STATUSES)))
THE_LIST = "common/status.py"
#: History says what was true when it was written.
HISTORY = "migrations/"


def test_no_module_keeps_its_own_list_of_statuses() -> None:
    lists = [
        f"{name_of(path)}:{text[: match.start()].count(chr(10)) + 1}"
        for path in ours(".py", ".js", ".html", ".sql", ".css")
        if not name_of(path).startswith((HISTORY, "tests/", "static/js/tests/")) and name_of(path) != THE_LIST
        for text in [path.read_text(encoding="utf-8")]
        for match in SECOND_LIST.finditer(text)
    ]
    assert lists == []


def test_every_status_is_open_or_closed_and_has_a_word() -> None:
    assert set(OPEN_STATUSES) | set(CLOSED_STATUSES) == set(STATUSES) == set(STATUS_WORDS)
    assert not set(OPEN_STATUSES) & set(CLOSED_STATUSES)


def test_every_status_has_its_glyph_in_pages_and_on_the_map() -> None:
    for path in ours(".js", ".html"):
        if name_of(path) in {"static/js/map/symbols.js", "portal/templates/components/status.html"}:
            text = path.read_text(encoding="utf-8")
            assert all(re.search(rf"""^\s*['"]?{status}['"]?: '<""", text, re.M) for status in STATUSES), name_of(path)


def test_statuses_have_the_colours_of_the_style_sheet_on_paper() -> None:
    (tokens,) = [path.read_text(encoding="utf-8") for path in ours(".css") if name_of(path) == "static/css/tokens.css"]
    values = dict(re.findall(r"--([\w-]+): ([^;]+);", tokens))

    def colour(name: str) -> str:
        value = values[name]
        return colour(value[6:-1]) if value.startswith("var(--") else value

    longer = {
        status: "#" + "".join(2 * digit for digit in text[1:]) if len(text) == 4 else text
        for status in STATUSES
        if status != "wait"
        for text in [colour(f"status-{status}")]
    }
    assert longer | {"wait": longer["fix"]} == STATUS_COLOURS
