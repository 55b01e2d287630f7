"""Keys that were left behind are reported in a sentence before anything starts; no new key ring is created beside the old data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner

from portal.cli import main
from portal.cli.checks.database import sealed_data
from portal.cli.fitting_keys import refuse_unfitting_keys
from portal.core import crypto
from portal.core.database import city_session
from portal.identity.actions import create_staff


@pytest.fixture
def ring(scratch_city: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key ring elsewhere than the one with which a member of staff's authenticator was sealed."""
    with city_session(scratch_city) as session:
        create_staff(session, "kimura@city.example.jp", "木村 環", "川沿いの道を歩く 8km", {})
    path = tmp_path / "keys" / "data.json"
    monkeypatch.setattr(crypto, "_data_keys", lambda: path)
    yield path


def test_keys_that_fit_say_nothing(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        create_staff(session, "kimura@city.example.jp", "木村 環", "川沿いの道を歩く 8km", {})
    refuse_unfitting_keys()
    assert sealed_data().level == "ok"


def test_missing_keys_stop_the_start_and_are_not_created_again(ring: Path) -> None:
    with pytest.raises(ClickException, match="do not open the data of hino"):
        refuse_unfitting_keys()
    assert not ring.exists()
    assert sealed_data().level == "problem"


def test_keys_of_another_database_stop_it_too(ring: Path) -> None:
    crypto.KeyRing.at(ring)
    with pytest.raises(ClickException, match="Put the folder keys back from its backup"):
        refuse_unfitting_keys()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_command_ends_with_the_sentence(ring: Path, command: str) -> None:
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 1
    assert "do not open the data of hino" in result.output
    assert "Traceback" not in result.output
