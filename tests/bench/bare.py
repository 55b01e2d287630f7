"""The recorded statements as scripts of `pgbench`: the same text, the same values, prepared, in as many transactions."""

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.client import Load, Timing
from tests.bench.statements import Statement, Value
from tests.bench.visitors import FIRST_DRAFT

_PLACE = re.compile(r"%\((\w+)\)s")
_COLON = re.compile(r"(?<!:):(?=\w)")
_MAKES = re.compile(r"INSERT INTO (bulk_action|case_file|charge|payment_order|payment_attempt)\b")
_OPENS = "BEGIN; "
"""With it the words begin by which a transaction of the portal opens, see `portal.core.database`."""
_SEEDS = "\\set i :i + 1\n\\set n :first + :i * :clients + :client_id\n"
"""Numbers each transaction: no two of a run have the same `n`, whichever client makes them."""


@dataclass(frozen=True)
class Script:
    """A script and the values of its variables."""

    text: str
    variables: dict[str, str]


def script_of(statements: Sequence[Statement], number: int, varied: Mapping[Any, str]) -> Script:
    """One request as a script. `varied` gives SQL for values that must differ from one transaction to the next; what came back of the
    case, bulk, charge, payment order or attempt made as number k of its table is there named `:case_file<k>_id` and so on.
    """
    variables: dict[str, str] = {}

    def put(value: Value) -> str:
        if isinstance(value.python, str | int | bytes) and value.python in varied:
            return f"({varied[value.python]})"
        if not value.text:  # pgbench's variables are never null nor empty
            return "NULL" if value.text is None else "''"
        name = f"v{number}_{len(variables)}"
        variables[name] = value.text
        given = f":{name}" + (f"::{value.type}" if value.type else "")
        for held in _ids_in(value.python, varied):
            given = f"replace({given}, '{held}', ({varied[held]})::text)"
        return given

    made_rows: Counter[str] = Counter()
    lines = [_SEEDS] if varied else []
    begun = False
    for statement in statements:
        if _COLON.search(statement.sql):
            raise ValueError(f"pgbench would take a part of this for a variable: {statement.sql}")
        if statement.sql.startswith(_OPENS):
            lines.append("COMMIT;\nBEGIN;\n" if begun else "BEGIN;\n")
            begun = True
        values = statement.values
        sql = _PLACE.sub(lambda place, values=values: put(values[place[1]]), statement.sql)
        sql = (sql.replace("%%", "%") if values else sql).removeprefix(_OPENS).strip().rstrip(";")
        if made := _MAKES.match(sql):
            table = made[1]
            lines.append(f"{sql} \\gset {table}{made_rows[table]}_\n")
            made_rows[table] += 1
        else:
            lines.append(f"{sql};\n")
    return Script("".join(lines) + ("COMMIT;\n" if begun else ""), variables)


def _ids_in(value: Any, varied: Mapping[Any, str]) -> list[int]:
    """The ids made for the bench that a text holds, as JSON does: they begin above all others, so no other number looks like them."""
    ids = [key for key in varied if isinstance(key, int) and key >= FIRST_DRAFT]
    return [key for key in ids if isinstance(value, str) and str(key) in value]


def run_bare(scripts: Sequence[Script], load: Load, *, first: int, limited: bool) -> Timing:
    """Run the scripts, one picked by chance for each transaction. `first` is where the numbering of `n` begins.

    limited: made for as many transactions as the load allows, where each uses something up; otherwise for its time.
    Raises SystemExit when a statement fails: then the comparison would be with something else.
    """
    from portal.core.database import urls

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        command = [_pgbench(), "-n", "-M", "prepared", "-c", str(load.askers), "-j", "1", "-l", "--log-prefix", "waits"]
        command += ["-t", str(load.most // load.askers)] if limited else ["-T", str(max(1, round(load.seconds)))]
        variables = {"i": "0", "first": str(first), "clients": str(load.askers)}
        for number, script in enumerate(scripts):
            path = place / f"{number}.sql"
            path.write_text(script.text, encoding="utf-8")
            command += ["-f", str(path)]
            variables |= script.variables
        for name, value in variables.items():
            command += ["-D", f"{name}={value}"]
        address = urls()[0].replace("postgresql+psycopg://", "postgresql://", 1)
        done = subprocess.run(
            [*command, address], check=False, cwd=place, capture_output=True, text=True, encoding="utf-8", timeout=120
        )
        if done.returncode or "aborted" in done.stderr:
            raise SystemExit(f"pgbench: {done.stderr.strip()[-3000:]}\n{scripts[0].text}")
        rows = [line.split() for log in place.glob("waits.*") for line in log.read_text().splitlines()]
        tps = re.search(r"tps = ([\d.]+)", done.stdout)
        assert tps is not None
        waits = [int(row[2]) / 1000 for row in rows]
        return Timing(waits, len(waits) / float(tps[1]))


def _pgbench() -> str:
    from portal.core.cluster.programs import choose

    return choose(None).path("pgbench")
