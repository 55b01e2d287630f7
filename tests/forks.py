"""Processes that have imported the libraries already: forked from one that did nothing else, as importing takes longer than most commands.

A command gets a process and an environment of its own, and reads the portal itself, so that one that forgets to read something fails
as it would from a shell. Our own libraries, which register nothing, are read like those of others.
"""

import atexit
import gc
import json
import os
import pwd
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

ROOT = Path(__file__).parents[1]
PATIENCE = 280  # seconds
LIBRARIES = (
    *("alembic.command", "argon2", "cel_expr_python", "click", "cryptography.hazmat.primitives.ciphers.aead", "flask_wtf", "jpholiday"),
    *("numpy", "phonenumbers", "PIL.Image", "procrastinate", "psycopg", "psycopg_pool", "pydantic_settings", "pyproj", "regex"),
    *("forms", "geo.maps", "geoalchemy2"),
    *("ruamel.yaml", "shapely", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.orm", "stripe.checkout", "werkzeug", "wtforms"),
)  # fmt: skip


class Forks:
    """Runs commands one after another, until the `with` block ends."""

    def __init__(
        self, interpreter: str = sys.executable, user: str | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        """Whose libraries are read, and by which user; more: names in the environment that this takes."""
        self._interpreter, self._user, self._more = interpreter, user, dict(more or {})

    def __enter__(self) -> Self:
        """Raises OSError when that user may not enter this checkout."""
        credentials = (
            {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}
        )
        self._parent: subprocess.Popen[str] = subprocess.Popen(
            [self._interpreter, "-m", "tests.forks"],
            **credentials,
            env={**os.environ, **self._more},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parent.communicate()

    def run(self, arguments: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, str]:
        """Return the exit status and the output of `python ARGUMENTS` in that environment; ARGUMENTS begin with -c or -m.

        Raises OSError when the libraries cannot be read.
        """
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps([arguments, {**environment, **self._more}]) + "\n")
        self._parent.stdin.flush()
        if not (line := self._parent.stdout.readline()):
            raise OSError("the process that forks has ended")
        status, output = json.loads(line)
        return status, output


def _fork_each() -> None:
    """Fork for every line of the standard input; answer with the exit status of the fork and its output."""
    gc.freeze()  # a fork that collects garbage would copy all it shares
    gc.set_threshold(100_000, 50)  # commands are short, and most that they read lives until their end
    for line in sys.stdin:
        with open(os.memfd_create("said"), "r+b") as output:  # noqa: PTH123 - it has no path
            if not (child := os.fork()):
                _become(output.fileno(), *json.loads(line))
            _, ended = os.waitpid(child, 0)
            output.seek(0)
            print(json.dumps([os.waitstatus_to_exitcode(ended), output.read().decode()]), flush=True)


def _become(out: int, arguments: list[str], environment: dict[str, str]) -> NoReturn:
    """Run the command and exit, without the cleanup of an interpreter that ends."""
    signal.alarm(PATIENCE)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    status = 1
    try:
        status = _carried_out(*arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _carried_out(kind: str, program: str, *arguments: str) -> int:
    """Exit status of `python -c PROGRAM` or of `python -m portal.cli ARGUMENTS`."""
    sys.argv = [kind, *arguments]
    try:
        if kind == "-c":
            exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the tests' own code
        else:
            assert (kind, program) == ("-m", "portal.cli")
            from portal.cli import main

            main(arguments, prog_name="madoguchi")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    for name in LIBRARIES:
        import_module(name)
    _fork_each()
