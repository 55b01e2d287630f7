"""Every macro of the templates is called, every name that a template imports is used in it, and nothing of a request is compiled in."""

import ast
import re
from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

from portal import templating
from tests.house.files import ROOT, name_of
from tests.house.files import nodes as nodes_of
from tests.house.test_styles import sources, text_of

MACRO = re.compile(r"\{%-? *macro (\w+)\(")
IMPORT = re.compile(r"\{%-? *from [\"'][^\"']+[\"'] import ([^%]+?) *-?%\}")
CONSTANT_FILTERED = re.compile(r"""["'\])}\d]\s*\|\s*\w""")
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


def test_no_filter_of_ours_is_worked_out_while_a_template_is_compiled() -> None:
    """Jinja does so with a constant: the words would be in the language of whoever came first, and kept for every process."""
    syntax = Environment(autoescape=True)
    folded = [
        (name_of(path), use.name)
        for path in sources(".html")
        if CONSTANT_FILTERED.search(text_of(path))
        for use in syntax.parse(text_of(path)).find_all(nodes.Filter)
        if use.name not in syntax.filters and isinstance(use.node, nodes.Literal)
    ]
    assert folded == []


def test_no_value_of_a_page_hides_a_function_of_every_template() -> None:
    app, plain = Flask("pages"), Flask("nothing")
    templating.install(app)
    functions = set(app.jinja_env.globals) - set(plain.jinja_env.globals)
    hidden = [
        f"{name_of(path)}:{call.lineno} {value.arg}"
        for path in sorted((ROOT / "portal").rglob("*.py"))
        for call in nodes_of(path)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template"
        for value in call.keywords
        if value.arg in functions
    ]
    assert hidden == []
