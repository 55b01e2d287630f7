"""What a function of the procedure language is: how it is called, what it means, and an example that is kept true by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cel_expr_python import cel

#: What a function takes and what it returns, in CEL's types: `(("int", "int"), "int")`.
Signature = tuple[tuple[str, ...], str]

CEL_TYPES: Final[dict[str, cel.Type]] = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
    "any": cel.Type.DYN,
    "list<any>": cel.Type.List(cel.Type.DYN),
    "list<int>": cel.Type.List(cel.Type.INT),
    "list<double>": cel.Type.List(cel.Type.DOUBLE),
    "list<string>": cel.Type.List(cel.Type.STRING),
}


@dataclass(frozen=True)
class Function:
    """A function that expressions may call.

    `usage` shows how it is written, `meaning` says what comes out, `example` is an expression and `result` its value as a
    page shows it. `python` works it out from the values of `forms.expressions.values`, whatever the signature. With
    `standard` CEL itself declares it; with `method` it is called behind a dot (`text.contains('x')`).
    """

    name: str
    usage: str
    meaning: str
    example: str
    result: str
    python: Callable[..., object]
    signatures: tuple[Signature, ...] = ()
    method: bool = False

    @property
    def standard(self) -> bool:
        """Whether CEL declares it itself."""
        return not self.signatures

    def declaration(self) -> cel.FunctionDecl:
        """The function as CEL's checker knows it."""
        overloads = [
            cel.Overload(f"{self.name}_{number}", CEL_TYPES[returns], [CEL_TYPES[kind] for kind in takes], self.method)
            for number, (takes, returns) in enumerate(self.signatures)
        ]
        return cel.FunctionDecl(self.name, overloads)
