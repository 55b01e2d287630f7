"""The command at a terminal: its help, and plain messages where something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.cli.serve import gunicorn_arguments

COMMANDS = [
    *(
        "address",
        "audit",
        "backup",
        "city",
        "db",
        "demo",
        "department",
        "doctor",
        "documents",
        "init",
        "keys",
        "layer",
        "mail",
        "payment",
    ),
    *("procedure", "restore", "retention", "run", "sandbox", "scanner", "search", "serve", "staff", "worker"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage:")


def test_help_names_the_commands_and_no_others() -> None:
    assert sorted(main.commands) == COMMANDS


def test_help_does_not_wait_for_the_web_application() -> None:
    program = "import sys, portal.cli; print(sorted({'flask', 'sqlalchemy', 'stripe', 'forms'} & sys.modules.keys()))"
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert completed.stdout.strip() == "[]"


def test_a_wrong_setting_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.config import settings

    monkeypatch.setenv("MADOGUCHI_ENVIRONMENT", "production")
    monkeypatch.setenv("MADOGUCHI_PUBLIC_SCHEME", "http")
    settings.cache_clear()
    try:
        result = CliRunner().invoke(main, ["init"])
    finally:
        settings.cache_clear()
    assert result.exit_code == 1
    assert result.output.startswith("Error: A setting cannot be used:")
    assert "https" in result.output
    assert len(result.output.splitlines()) == 1


def test_the_demo_is_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.config import settings

    monkeypatch.setenv("MADOGUCHI_ENVIRONMENT", "production")
    monkeypatch.setenv("MADOGUCHI_PUBLIC_SCHEME", "https")
    settings.cache_clear()
    try:
        result = CliRunner().invoke(main, ["demo"])
    finally:
        settings.cache_clear()
    assert result.exit_code == 1
    assert "not loaded in production" in result.output


def test_gunicorn_itself_trusts_no_proxy() -> None:
    arguments = gunicorn_arguments("127.0.0.1:8000", 2, 8)
    assert arguments[arguments.index("--forwarded-allow-ips") + 1] == ""
    assert arguments[arguments.index("--worker-class") + 1] == "gthread"
    assert "--no-control-socket" in arguments


@pytest.mark.parametrize("command", ["sandbox", "run"])
def test_without_the_sandbox_what_needs_it_says_so(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "madoguchi_sandbox", None)  # as if it were not installed
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 1
    assert result.output.startswith("Error: The sandbox is not installed")
    assert len(result.output.splitlines()) == 1


def test_the_sandbox_is_run_as_a_program_of_its_own() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "portal.cli", "sandbox", "--", "--help"], capture_output=True, text=True, check=True
    )
    assert completed.stdout.startswith("usage: madoguchi-sandbox")


def test_the_sandbox_refuses_other_interfaces_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "madoguchi_sandbox", "--host", "192.0.2.1", "--data-dir", str(tmp_path)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.returncode == 1
    assert completed.stderr == "Error: The sandbox only listens on the loopback interface, not on 192.0.2.1.\n"
