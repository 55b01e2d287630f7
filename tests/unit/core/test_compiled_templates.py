"""Compiled templates are kept for the next process, and nothing that is wrong with what is kept reaches a page."""

from pathlib import Path
from unittest.mock import patch

import pytest
from jinja2 import DictLoader, Environment

from portal.templating import CompiledTemplates


def environment(folder: Path, source: str = "{{ 6 * 7 }} windows") -> Environment:
    return Environment(
        loader=DictLoader({"page.html": source}), bytecode_cache=CompiledTemplates(str(folder)), autoescape=True
    )


def compiles(folder: Path, source: str = "{{ 6 * 7 }} windows") -> bool:
    """Whether a new process compiles that page; it must come out right in any case."""
    started = environment(folder, source)
    with patch.object(started, "compile", wraps=started.compile) as compiling:
        assert started.get_template("page.html").render() == source.replace("{{ 6 * 7 }}", "42")
    return compiling.called


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "templates"


def test_the_next_process_does_not_compile_again(folder: Path) -> None:
    assert compiles(folder)
    assert not compiles(folder)
    assert not folder.stat().st_mode & 0o077


def test_a_template_that_changed_is_compiled(folder: Path) -> None:
    compiles(folder)
    assert compiles(folder, "{{ 6 * 7 }} doors")
    assert not compiles(folder, "{{ 6 * 7 }} doors")


@pytest.mark.parametrize("length", [0, 10, 30, 60, 200])
def test_what_was_cut_short_is_made_again(folder: Path, length: int) -> None:
    compiles(folder)
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:length])
    assert compiles(folder)
    assert not compiles(folder)


def test_a_folder_that_cannot_be_made_costs_time_alone(folder: Path) -> None:
    folder.write_text("a file in its place")
    assert compiles(folder)
    assert compiles(folder)


def test_what_others_may_write_is_not_run(folder: Path) -> None:
    compiles(folder)
    folder.chmod(0o777)
    assert compiles(folder)
