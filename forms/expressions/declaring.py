"""Declaring a Python function for CEL."""

from collections.abc import Callable

from cel_expr_python import cel

Overload = tuple[list[cel.Type], cel.Type, Callable[..., object]]


def function(name: str, *overloads: Overload) -> cel.FunctionDecl:
    """A function with its overloads: types taken, type returned, and what works it out."""
    return cel.FunctionDecl(
        name,
        [
            cel.Overload(f"{name}_{number}", returns, takes, False, python)
            for number, (takes, returns, python) in enumerate(overloads)
        ],
    )
