"""Capabilities are used through their doors: a module is either named in the package's `__all__` or private by an import contract."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.house.files import ROOT

CAPABILITIES = ("bookings", "cases", "files", "identity", "ledger", "maps", "notifications", "payments", "procedures")


@cache
def private_modules() -> set[str]:
    """Every module that a `protected` contract names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return {
        module for contract in contracts if contract["type"] == "protected" for module in contract["protected_modules"]
    }


def public_names(package: Path) -> set[str]:
    """What `__all__` of a package holds."""
    for node in ast.parse((package / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_module_is_public_or_private(capability: str) -> None:
    package = ROOT / "portal" / capability
    modules = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    undecided = {
        module
        for module in modules - {"__init__"} - public_names(package)
        if f"portal.{capability}.{module}" not in private_modules()
    }
    assert undecided == set()
