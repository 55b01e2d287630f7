"""Processes that have read the libraries already: forked from one that did nothing else, as reading them takes longer than most commands.

A command gets a process and an environment of its own, and reads the portal itself, so that one that forgets to read something fails
as it would from a shell.
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
    *("ruamel.yaml", "shapely", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.orm", "werkzeug", "wtforms"),
)  # fmt: skip


class Forks:
    """Runs commands one after another, until it is left."""

    def __init__(
        self, interpreter: str = sys.executable, user: str | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        """Whose libraries are read, and by which user; more: names in the environment that this takes."""
        self._interpreter, self._user, self._more = interpreter, user, dict(more or {})

    def __enter__(self) -> Self:
        """Raises OSError when that user may not enter this checkout."""
        who = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}
        self._parent: subprocess.Popen[str] = subprocess.Popen(
            [self._interpreter, "-m", "tests.forks"],
            **who,
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

    def run(self, words: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, str]:
        """What `python WORDS` would end with and say, in that environment; WORDS begin with -c or -m.

        Raises OSError when the libraries cannot be read.
        """
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps([words, {**environment, **self._more}]) + "\n")
        self._parent.stdin.flush()
        if not (line := self._parent.stdout.readline()):
            raise OSError("the process that forks has ended")
        status, said = json.loads(line)
        return status, said


def _fork_each() -> None:
    """Fork for every line of the standard input; answer with how the fork ended, and what it said."""
    gc.freeze()  # a fork that collects garbage would copy all it shares
    for line in sys.stdin:
        with open(os.memfd_create("said"), "r+b") as said:  # noqa: PTH123 - it has no path
            if not (child := os.fork()):
                _become(said.fileno(), *json.loads(line))
            _, ended = os.waitpid(child, 0)
            said.seek(0)
            print(json.dumps([os.waitstatus_to_exitcode(ended), said.read().decode()]), flush=True)


def _become(out: int, words: list[str], environment: dict[str, str]) -> NoReturn:
    """Do what is asked for and end, without the tidying of an interpreter that goes on to nothing."""
    signal.alarm(PATIENCE)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    status = 1
    try:
        status = _carried_out(*words)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _carried_out(kind: str, what: str, *more: str) -> int:
    """Exit status of `python -c WHAT` or of `python -m portal.cli MORE`."""
    sys.argv = [kind, *more]
    try:
        if kind == "-c":
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the tests' own words
        else:
            assert (kind, what) == ("-m", "portal.cli")
            from portal.cli import main

            main(more, prog_name="madoguchi")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    for name in LIBRARIES:
        import_module(name)
    _fork_each()
