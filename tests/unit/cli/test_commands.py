"""The command at a terminal: what it offers, and plain words where something is wrong."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.cli.serve import gunicorn

COMMANDS = [
    *("audit", "backup", "city", "db", "demo", "department", "doctor", "init", "keys", "layer", "mail", "payment"),
    *("procedure", "restore", "retention", "run", "sandbox", "scanner", "serve", "staff", "worker"),
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
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_setting_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_gunicorn_believes_no_proxy_itself() -> None:
    words = gunicorn("127.0.0.1:8000", 2, 8)
    assert words[words.index("--forwarded-allow-ips") + 1] == ""
    assert words[words.index("--worker-class") + 1] == "gthread"
    assert "--no-control-socket" in words
