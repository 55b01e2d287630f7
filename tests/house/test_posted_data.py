"""What is posted to a fixed screen is read through its form class; only pages of procedures read the posted texts themselves."""

import ast
from pathlib import Path

from tests.house.files import ROOT, name_of, nodes, ours

PROCEDURE_PAGES = {
    "portal/residents/appointment.py",
    "portal/residents/apply.py",
    "portal/residents/correction.py",
    "portal/residents/correction_files.py",
    "portal/residents/files.py",
    "portal/residents/late.py",
    "portal/residents/own_rows.py",
    "portal/residents/row_lists.py",
    "portal/residents/row_pages.py",
    "portal/residents/live.py",
    "portal/residents/plan_address.py",
    "portal/residents/plan_question.py",
    "portal/residents/form_submission.py",
    "portal/residents/review.py",
    "portal/residents/stage_files.py",
    "portal/residents/stage_form.py",
    "portal/residents/uploads.py",
    "portal/desk/place_proposal_forms.py",
    "portal/desk/stage_files.py",
    "portal/desk/stage_forms.py",
    "portal/desk/visit_sync.py",
    "portal/publishing/preview.py",
}
"""Their questions come from a definition or the vocabulary, and `forms` reads them (decision 0008)."""
BELOW_FORMS = {
    "portal/core/forms.py": "hands the posted texts to the form classes",
    "portal/core/posted_fields.py": "repeats what was posted to any page",
}


def names_of_request(path: Path) -> set[str]:
    """The names under which a module knows flask's request."""
    imports = [node for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module == "flask"]
    return {alias.asname or alias.name for node in imports for alias in node.names if alias.name == "request"}


def reads_posted_texts(path: Path) -> bool:
    """Whether a module reads `request.form` or `request.values`."""
    names = names_of_request(path)
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"form", "values"}
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        for node in nodes(path)
    )


def test_fixed_screens_are_read_through_their_form_classes() -> None:
    modules = [path for path in ours(".py") if path.is_relative_to(ROOT / "portal")]
    reading = {name_of(path) for path in modules if reads_posted_texts(path)}
    assert reading == PROCEDURE_PAGES | BELOW_FORMS.keys()
