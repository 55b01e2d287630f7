"""Every sentence that residents can be shown by pages and code, found by reading the sources."""

import ast
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import portal
from tests.house.files import nodes, program

ROOT = Path(portal.__file__).parent
CODE = (
    "residents",
    "identity",
    "payments",
    "cases",
    "operations",
    "core",
    "files",
    "procedures",
    "maps",
    "bookings",
    "documents",
    "routing",
)
"""Packages whose sentences may stand on a resident's page."""
ERRORS = ("NotFound", "Forbidden", "Conflict", "Invalid", "Unavailable")
"""What they refuse with; `core.web` says it in the reader's language."""
ACTED_BY_STAFF = (
    "identity/actions.py", "identity/city_roles.py",
    "identity/personnel_list.py", "identity/staff_directory.py", "identity/staff_particulars.py", "payments/payment_requests.py", "payments/refunds.py",
    "procedures/list_csv.py", "procedures/lists.py", "procedures/city_words.py", "procedures/windows.py", "procedures/actions.py", "procedures/republishing.py",
    "cases/fees.py", "cases/role_use.py", "cases/surveys.py", "cases/waivers.py", "core/tenancy.py", "payments/waivers.py", "maps/catalogue.py",
    "maps/imports.py", "maps/importing.py", "maps/uploads.py", "maps/editing.py", "maps/edit_words.py", "maps/public_use.py",
    "maps/prints.py", "cases/map_answers.py", "procedures/planned.py",
    "cases/neighbours/lists.py", "cases/neighbours/labels.py", "cases/place_proposals.py",
    "cases/assigning.py", "cases/personnel.py", "cases/allocation/transfers.py", "cases/intakes.py", "cases/related/joins.py",
     "cases/staff_leaving.py", "cases/bulk.py", "cases/saved_views.py",
)  # fmt: skip
"""Modules that refuse what only staff, or an operator at the terminal, ask for."""
OF_STAFF = (
    "desk",
    "publishing",
    "desk_base.html",
    "staff_",
    "identity/department",
    "identity/_department",
    "identity/city",
)
"""Templates of the other side, which speaks Japanese only."""


def in_templates() -> set[str]:
    """The sentences of resident-side templates."""
    environment = Environment(autoescape=True)
    sentences = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if any(part in name for part in OF_STAFF) or name.startswith("notifications/"):
            continue
        tree = environment.parse(path.read_text())
        for _line, _function, message in extract_from_ast(tree, ("_",)):
            parts = message if isinstance(message, tuple) else (message,)
            sentences |= {part for part in parts if part}
    return sentences


def of_fields(tree: ast.AST) -> set[str]:
    """Labels of the fields of a form class, and the messages of their validators."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    fields = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.endswith("Field")]
    texts = [text for call in fields for text in ast.walk(call) if isinstance(text, ast.Constant)]
    return {text.value for text in texts if isinstance(text.value, str) and not text.value.isascii()}


def in_code() -> set[str]:
    """The sentences in `_("…")`, in the fields of forms, and in errors."""
    sentences = set()
    for package in CODE:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "staff" in path.name or path.name.startswith(("department_", "city_")):
                continue
            tree = program(path)
            if path.name == "forms.py":
                sentences |= of_fields(tree)
            said_by = {"_"} if path.relative_to(ROOT).as_posix() in ACTED_BY_STAFF else {"_", *ERRORS}
            for node in nodes(path):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in said_by
                    and node.args
                ):
                    sentence = node.args[0]
                    if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                        sentences.add(sentence.value)
    return sentences
