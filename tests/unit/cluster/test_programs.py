"""Which PostgreSQL is chosen when several are installed."""

from pathlib import Path

import pytest

from portal.core.cluster import ClusterError
from portal.core.cluster.programs import Programs, choose, installed


def machine(folder: Path, *, servers: tuple[int, ...], postgis: tuple[int, ...]) -> list[Programs]:
    for version in servers:
        (folder / "lib" / str(version) / "bin").mkdir(parents=True)
        (folder / "lib" / str(version) / "bin" / "initdb").touch()
    for version in postgis:
        (folder / "share" / str(version) / "extension").mkdir(parents=True)
        (folder / "share" / str(version) / "extension" / "postgis.control").touch()
    return installed(folder / "lib", folder / "share")


def test_the_newest_server_that_has_postgis_is_taken(tmp_path: Path) -> None:
    available = machine(tmp_path, servers=(9, 15, 17, 18), postgis=(9, 15, 17))
    assert choose(None, available).version == 17


def test_existing_data_keeps_its_own_version(tmp_path: Path) -> None:
    available = machine(tmp_path, servers=(15, 17), postgis=(15, 17))
    assert choose(15, available).version == 15


def test_data_of_a_version_that_is_gone_names_the_package(tmp_path: Path) -> None:
    available = machine(tmp_path, servers=(17,), postgis=(17,))
    with pytest.raises(ClusterError, match="apt-get install postgresql-15-postgis-3"):
        choose(15, available)


def test_without_postgis_the_setup_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="scripts/setup"):
        choose(None, machine(tmp_path, servers=(15,), postgis=()))


def test_other_folders_beside_the_versions_do_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "lib" / "common").mkdir(parents=True)
    assert [programs.version for programs in machine(tmp_path, servers=(15,), postgis=(15,))] == [15]
