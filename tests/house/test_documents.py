"""What the documents say can be done: links lead somewhere, named commands and scripts exist."""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from madoguchi_sandbox.__main__ import parser
from tests.house.files import ROOT, name_of, nodes, ours

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"^(?:.*(?:&& |/))?madoguchi ([a-z]+)(?: ([a-z]+))?", re.M)
SCRIPT = re.compile(r"(?<![\w/])((?:scripts|\.ci)/[a-z]+)")
PATH = re.compile(r"`((?:portal|forms|geo|writing|common|sandbox|static|migrations|tests|docs)/[\w./-]+)`")


def fences(path: Path) -> str:
    """The lines of a document that are meant to be typed."""
    return "\n".join(re.findall(r"^(?:```\w*\n(.*?)^```)", path.read_text(encoding="utf-8"), flags=re.M | re.S))


def mentions(pattern: re.Pattern[str]) -> set[tuple[Path, str]]:
    """What a pattern finds in the documents, with the document."""
    return {(document, name) for document in ours(".md") for name in pattern.findall(document.read_text("utf-8"))}


def astray(mentioned: Iterable[tuple[Path, str]], folder: Callable[[Path], Path]) -> list[tuple[str, str]]:
    """Those names, with their document, that are no file in the folder that they are read from."""
    return sorted((name_of(document), name) for document, name in mentioned if not (folder(document) / name).exists())


def test_links_lead_somewhere() -> None:
    links = mentions(LINK)
    assert len(links) > 100
    assert astray(links, lambda document: document.parent) == []


def test_named_scripts_and_files_exist() -> None:
    names = mentions(SCRIPT) | {(document, name.rstrip("/")) for document, name in mentions(PATH)}
    assert len(names) > 100
    assert astray(names, lambda _document: ROOT) == []


def test_commands_to_type_exist() -> None:
    import click

    from portal.cli import main

    for document in ours(".md"):
        for command, second in COMMAND.findall(fences(document)):
            assert command in main.commands, (document, command)
            group = main.commands[command]
            if second and isinstance(group, click.Group):
                assert second in group.commands, (document, command, second)


def test_settings_that_documents_name_exist() -> None:
    from portal.core.config import Settings

    settings = {f"MADOGUCHI_{name.upper()}" for name in Settings.model_fields}
    mentioned = {
        name
        for document in ours(".md")
        for name in re.findall(r"\bMADOGUCHI_[A-Z_]+[A-Z]\b", document.read_text(encoding="utf-8"))
    }
    assert mentioned - settings <= {"MADOGUCHI_TEST_INSTANCE", "MADOGUCHI_STRIPE_TEST_KEY"}


def test_containers_run_commands_and_settings_that_exist() -> None:
    from ruamel.yaml import YAML

    from portal.cli import main
    from portal.core.config import Settings

    settings = {f"MADOGUCHI_{name.upper()}" for name in Settings.model_fields}
    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    portal = {name: service for name, service in services.items() if service.get("image") == "madoguchi"}
    assert {"web", "worker"} <= portal.keys()
    for name, service in portal.items():
        command, *options = service["command"]
        accepted = {option for parameter in main.commands[command].params for option in parameter.opts}
        assert {option for option in options if option.startswith("--")} <= accepted, name
        assert {setting for setting in service["environment"] if setting.startswith("MADOGUCHI_")} <= settings, name


def test_the_container_of_the_sandbox_takes_options_that_it_has() -> None:
    from ruamel.yaml import YAML

    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    build = (ROOT / services["sandbox"]["build"] / "Dockerfile").read_text(encoding="utf-8")
    program, *fixed = json.loads(re.findall(r"^ENTRYPOINT (.+)$", build, re.M)[0])
    assert program == "madoguchi-sandbox"
    options = parser().parse_args([*fixed, *services["sandbox"]["command"]])
    assert (options.port, options.allow_remote) == (8025, True)


def test_production_has_no_sandbox() -> None:
    """Neither what the portal depends on, nor its image."""
    depends = {
        re.split(r"[^\w-]", requirement)[0] for requirement in requires("madoguchi") or [] if "extra" not in requirement
    }
    assert "flask" in depends
    assert depends & {"aiosmtpd", "madoguchi-sandbox"} == set()
    assert "sandbox" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def pins(lock: Path) -> dict[str, str]:
    """Version and hashes of each package, by its name."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.M)
    entries = (re.sub(r"\s+", " ", entry).partition("==") for entry in re.split(r"\n(?=\S)", text.strip()))
    return {name: pinned for name, _equals, pinned in entries}


def test_containers_install_versions_that_were_tested() -> None:
    """What runs in containers is a part of the packages that these tests run with, pinned by the same hashes."""
    run, tested = pins(ROOT / "docker" / "requirements.lock"), pins(ROOT / "requirements.lock")
    assert {name for name, pinned in run.items() if tested.get(name) != pinned} == set()
    assert "flask" in run
    assert {"pytest", "aiosmtpd"} & run.keys() == set()


def test_the_container_of_the_sandbox_installs_versions_that_were_tested() -> None:
    run, tested = pins(ROOT / "sandbox" / "requirements.lock"), pins(ROOT / "requirements.lock")
    assert {name for name, pinned in run.items() if tested.get(name) != pinned} == set()
    assert {"flask", "aiosmtpd"} <= run.keys()
    assert "sqlalchemy" not in run


@pytest.mark.slow
def test_containers_install_all_that_is_imported() -> None:
    portal_runs, sandbox_runs = (
        {name.replace("-", "_") for name in pins(ROOT / folder / "requirements.lock")}
        for folder in ("docker", "sandbox")
    )
    portal_has = {"portal", "forms", "geo", "writing", "common", "environment", *sys.stdlib_module_names}
    sandbox_has = {"madoguchi_sandbox", *sys.stdlib_module_names}
    providers = packages_distributions()
    missing = set()
    for path in (path for path in ours(".py") if path.relative_to(ROOT).parts[0] not in {"tests", "static", "drawing"}):
        in_sandbox = path.is_relative_to(ROOT / "sandbox")
        run, ours_too = (sandbox_runs, sandbox_has) if in_sandbox else (portal_runs, portal_has)
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for module in {name.partition(".")[0] for name in names} - ours_too:
                distributions = {
                    alias.lower().replace("-", "_").replace(".", "_") for alias in providers.get(module, [])
                }
                if not distributions & {name.replace(".", "_") for name in run}:
                    missing.add(f"{module} in {path.relative_to(ROOT)}")
    assert missing == set()


def test_what_proves_that_money_is_safe_exists() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs/develop/money-failures.md").read_text(encoding="utf-8"))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert named
    assert sorted(set(named) - written) == []
