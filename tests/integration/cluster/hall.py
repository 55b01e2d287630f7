"""An installation of its own, operated by commands, each a process."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.cluster import Cluster
from portal.core.cluster.programs import choose
from tests.forks import Forks

CHECK = "from portal.cli.checks.archive import log_archive; found = log_archive(); print(found.level, found.detail)"
ARCHIVER_PATIENCE = 60  # seconds
MACHIDA = (
    *("city", "create", "machida", "--name", "町田市", "--name-kana", "まちだし", "--name-en", "Machida City"),
    *("--code", "132098", "--postal-code", "194-8520", "--address", "東京都町田市森野2-2-22"),
    *("--phone", "042-722-3111", "--center", "139.44", "35.55"),
)


@dataclass
class Hall:
    """Commands are processes with these settings."""

    instance: Path
    forks: Forks
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Return the output of `python ARGUMENTS`; it must succeed, or with `fails` fail."""
        environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
        environment |= {"MADOGUCHI_INSTANCE_PATH": str(self.instance), "MADOGUCHI_ENVIRONMENT": "test", **self.settings}
        status, output = self.forks.run(arguments, environment)
        assert (status != 0) == fails, output
        return output.strip()

    def madoguchi(self, *arguments: str, fails: bool = False) -> str:
        """Return the output of the command."""
        return self.run("-m", "portal.cli", *arguments, fails=fails)

    def sql(self, statement: str) -> str:
        """As the owner of the tables; what it gives, without its last line end."""
        psql = self.cluster.psql("-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement)
        return subprocess.run(psql, capture_output=True, text=True, check=True).stdout.strip()

    def end_segment(self) -> None:
        """As a minute would."""
        cluster = self.cluster
        cluster._administer(choose(cluster.status().version), "-d", "postgres", "-c", "SELECT pg_switch_wal()")

    def check(self) -> str:
        """Return the line of `madoguchi doctor` about the archive."""
        return self.run("-c", CHECK)

    def check_until(self, message: str) -> str:
        """The same, as soon as the server's archiver has come so far."""
        until = time.monotonic() + ARCHIVER_PATIENCE
        while message not in (report := self.check()):
            assert time.monotonic() < until, report
            time.sleep(0.05)
        return report

    @property
    def cluster(self) -> Cluster:
        archive = self.settings.get("MADOGUCHI_WAL_ARCHIVE_PATH")
        return Cluster(self.instance, archive=Path(archive) if archive else None)

    def segments(self) -> list[Path]:
        """Return the stored segments of the log, in order."""
        return sorted(path for path in (self.cluster.archive.folder / "wal").glob("*-*") if "." not in path.name)

    def lose(self) -> None:
        """The disk with the database is gone; the archive and the keys are not."""
        self.cluster.down()
        shutil.rmtree(self.cluster.folder)
