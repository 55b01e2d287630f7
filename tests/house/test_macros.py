"""Every macro of the templates is called, and every name that a template imports is used in it."""

import re
from pathlib import Path

from tests.house.files import name_of
from tests.house.test_styles import sources, text_of

MACRO = re.compile(r"\{%-? *macro (\w+)\(")
IMPORT = re.compile(r"\{%-? *from [\"'][^\"']+[\"'] import ([^%]+?) *-?%\}")
BY_PROGRAMS = {
    "field": "forms.fields.rendering draws each question type by it",
    "fixed": "forms.fields.rendering.FieldPage.render_fixed",
    "listed": "forms.fields.rendering.file_list",
}


def names_in(path: Path) -> set[str]:
    """The names that a template uses, outside the lines that declare or import them."""
    return set(re.findall(r"\w+", IMPORT.sub("", MACRO.sub("(", text_of(path)))))


def test_every_macro_is_called() -> None:
    templates = sources(".html")
    used = {name for path in templates for name in names_in(path)} | set(BY_PROGRAMS)
    unused = {name: name_of(path) for path in templates for name in MACRO.findall(text_of(path)) if name not in used}
    assert unused == {}


def test_every_imported_name_is_used() -> None:
    unused = [
        (name_of(path), name)
        for path in sources(".html")
        for names in IMPORT.findall(text_of(path))
        for name in (part.split(" as ")[-1].strip() for part in names.split(","))
        if name not in names_in(path)
    ]
    assert unused == []


def test_forms_take_their_token_from_the_one_function() -> None:
    by_hand = [name_of(path) for path in sources(".html") if re.search(r"csrf_token\(\) *\}\}\">", text_of(path))]
    assert by_hand == ["portal/templates/desk_base.html"], (
        "the head of the desk gives it to scripts; a form has csrf_field()"
    )
