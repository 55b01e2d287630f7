"""Where Debian keeps PostgreSQL: one folder a major version, of which only those with PostGIS are of use."""

from dataclasses import dataclass
from pathlib import Path

from portal.core.cluster.errors import ClusterError

PROGRAMS = Path("/usr/lib/postgresql")
SHARED_FILES = Path("/usr/share/postgresql")


@dataclass(frozen=True)
class Programs:
    """The programs of one major version of PostgreSQL."""

    version: int
    folder: Path

    def path(self, name: str) -> str:
        """Full path of a program such as `initdb`."""
        return str(self.folder / name)


def installed(programs: Path = PROGRAMS, shared_files: Path = SHARED_FILES) -> list[Programs]:
    """Every installed PostgreSQL server that has PostGIS, the newest first."""
    versions = [
        Programs(int(folder.name), folder / "bin")
        for folder in (programs.iterdir() if programs.is_dir() else ())
        if folder.name.isdigit()
        and (folder / "bin" / "initdb").exists()
        and (shared_files / folder.name / "extension" / "postgis.control").exists()
    ]
    return sorted(versions, key=lambda programs: programs.version, reverse=True)


def choose(data_version: int | None, available: list[Programs] | None = None) -> Programs:
    """The programs for a data folder of that version, or the newest ones for a folder still to be made.

    Raises ClusterError when they are not installed: a server reads only the files of its own major version.
    """
    available = installed() if available is None else available
    if data_version is None:
        if not available:
            raise ClusterError("PostgreSQL with PostGIS is not installed. Fix: run scripts/setup")
        return available[0]
    for programs in available:
        if programs.version == data_version:
            return programs
    raise ClusterError(
        f"The database was made by PostgreSQL {data_version}, which is no longer installed with PostGIS. "
        f"Fix: apt-get install postgresql-{data_version}-postgis-3, or move the data as docs/operate/upgrade.md says"
    )
