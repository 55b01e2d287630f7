"""Every evaluation of answers in the portal says in which plane the city measures."""

import ast

from tests.house.files import name_of, nodes, ours

JUDGING = {"evaluate": "city", "read_step": "city", "ReadContext": "plane"}
WITHOUT_A_CITY = {"portal/cli/procedure.py"}


def test_every_evaluation_of_answers_names_the_citys_plane() -> None:
    without = [
        f"{name_of(path)}:{node.lineno}"
        for path in ours(".py")
        if name_of(path).startswith("portal/") and name_of(path) not in WITHOUT_A_CITY
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in JUDGING
        and JUDGING[node.func.id] not in {keyword.arg for keyword in node.keywords}
    ]
    assert without == [], "name the city (or its plane); limits would be measured in another plane than fees"
