"""The archive of a cluster: every finished segment of its write-ahead log, and bases (copies of the data folder) to replay them upon.

Each history of a cluster (a new one, a restored one) has a folder of its own in the archive, so that segments of the same name never meet.
Segments are sealed to a certificate, which the database server may read; what opens them is the key in the folder of keys.
"""

import re
import secrets
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal.core.cluster.account import Account
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.layout import Layout

SCRIPT = Path(__file__).with_name("archive.sh")
_SUBJECT = ["-subj", "/CN=madoguchi archive", "-days", "36500"]
_STAMP = "%Y%m%dT%H%M%SZ"
_BASE = re.compile(r"(\d{8}T\d{6}Z)-([0-9A-F]{24})\.base\Z")
_STORED = re.compile(r"([0-9A-F]{24})-[0-9a-f]{32}\Z")
_TIMELINE = 8
"""Digits of a segment's name before its place in the log."""
_PARTS = 256


class OpensslFailed(ClusterError):
    """openssl ran and failed."""


@dataclass(frozen=True)
class Base:
    """A copy of the data folder. With the log from `first` on, stored beside it, it is brought to any moment after `at`."""

    path: Path
    at: datetime
    first: str

    @classmethod
    def of(cls, path: Path) -> "Base":
        """The base in that file. Raises ClusterError for a file that is not named as one."""
        match = _BASE.match(path.name)
        if match is None:
            raise ClusterError(f"{path} is no base: its name is not that of one, such as 20261128T030000Z-….base")
        return cls(path, datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), match[2])


@dataclass(frozen=True)
class Break:
    """Where the log after a base cannot be followed any further: the segment, and what is wrong with it."""

    segment: str
    reason: str

    def __str__(self) -> str:
        return f"segment {self.segment} {self.reason}"


class Archive:
    """The archive of one cluster."""

    def __init__(self, layout: Layout, account: Account, key: Path) -> None:
        """key: the private key that opens the segments."""
        self._layout = layout
        self._account = account
        self._key = key

    @property
    def folder(self) -> Path:
        """Where this cluster's present history is kept; a name is chosen when it has none."""
        name = self._layout.archive_name
        if not name.exists():
            name.write_text(f"{datetime.now(UTC):{_STAMP}}-{secrets.token_hex(4)}", encoding="ascii")
            self._account.own_file(name)
        return self._layout.archive / name.read_text(encoding="ascii")

    @property
    def gap(self) -> str:
        """The newest segment that was given up since the last base, or nothing."""
        note = self._layout.archive_gap
        return (note.read_text(encoding="ascii").split() or [""])[-1] if note.exists() else ""

    def secret(self) -> bytes:
        """What bases are encrypted under. Raises ClusterError without the key."""
        try:
            return self._key.read_bytes()
        except OSError as error:
            raise ClusterError(f"{self._key}: {error.strerror}; put the folder of keys in place first") from error

    def begin(self) -> None:
        """A new history begins: nothing that was archived so far continues into it."""
        self._layout.archive_name.unlink(missing_ok=True)
        self._layout.archive_gap.unlink(missing_ok=True)

    def prepare(self) -> str:
        """Make folders, key and certificate; return the archive_command. Raises ClusterError and OSError."""
        self._make_key()
        for folder in (self._layout.archive, self.folder, self.folder / "wal"):
            self._account.own(folder)
        self._layout.archive_script.write_bytes(SCRIPT.read_bytes())
        _openssl("req", "-x509", "-key", str(self._key), *_SUBJECT, "-out", str(self._layout.archive_certificate))
        for file in (self._layout.archive_script, self._layout.archive_certificate):
            self._account.own_file(file)
        return self.command()

    def command(self) -> str:
        """PostgreSQL's archive_command; the server puts path and name of the segment for %p and %f.

        Every failure ends with 1: a status above 125, as of a missing script, is not counted in pg_stat_archiver.
        """
        layout = self._layout
        files = (self.folder / "wal", layout.archive_certificate, layout.archive_gap)
        quoted = [shlex.quote(str(path)).replace("%", "%%") for path in (layout.archive_script, *files)]
        return f'timeout 60 bash {quoted[0]} "%p" "%f" {" ".join(quoted[1:])} || exit 1'

    def bases(self) -> list[Base]:
        """Bases of the present history, the oldest first."""
        return _bases(self.folder)

    def every_base(self) -> list[Base]:
        """Bases of every history in the archive, the oldest first."""
        folders = self._layout.archive.iterdir() if self._layout.archive.is_dir() else ()
        return sorted((base for folder in folders for base in _bases(folder)), key=lambda base: base.at)

    def close_gap(self) -> None:
        """Forget the gap: a base was taken after it."""
        self._layout.archive_gap.unlink(missing_ok=True)

    def keep(self, bases: int) -> None:
        """Remove all but so many of the newest bases, then the segments that no base needs any longer."""
        present = self.bases()
        for old in present[:-bases]:
            old.path.unlink()
        needed = present[-bases:]
        if not needed:
            return
        for segment, path in _segments(self.folder):
            if segment[_TIMELINE:] < needed[0].first[_TIMELINE:]:
                path.unlink()

    def open_segments(self, base: Base, into: Path) -> Break | None:
        """Put the segments that follow a base into a folder, still compressed, up to where one is missing or damaged; that place.

        Raises ClusterError without openssl.
        """
        stored = list(_segments_after(base))
        hole = _hole(base, [segment for segment, _path in stored])
        for segment, path in stored:
            if hole is not None and _number(segment) > _number(hole.segment):
                break
            plain = into / f"{segment}.gz"
            opening = ("cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", str(self._key))
            try:
                _openssl(*opening, "-in", str(path), "-out", str(plain))
            except OpensslFailed:
                plain.unlink(missing_ok=True)
                return Break(segment, f"is damaged ({path})")
            self._account.own_file(plain)
        return hole

    def hole(self) -> Break | None:
        """The first segment after the newest base that is not there although later ones are."""
        bases = self.bases()
        return _hole(bases[-1], [segment for segment, _path in _segments_after(bases[-1])]) if bases else None

    def _make_key(self) -> None:
        if self._key.exists():
            return
        self._key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self._key.with_suffix(f".{secrets.token_hex(8)}")
        _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(temporary))
        temporary.chmod(0o600)
        temporary.rename(self._key)  # whole or not at all; starts come one after another


def _bases(folder: Path) -> list[Base]:
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted((Base.of(path) for path in files if _BASE.match(path.name)), key=lambda base: base.at)


def _segments(folder: Path) -> Iterator[tuple[str, Path]]:
    """Segments of a history, by name; not the notes that the server archives beside them."""
    for path in sorted((folder / "wal").glob("*-*")):
        match = _STORED.match(path.name)
        if match:
            yield match[1], path


def _segments_after(base: Base) -> Iterator[tuple[str, Path]]:
    for segment, path in _segments(base.path.parent):
        if segment[_TIMELINE:] >= base.first[_TIMELINE:]:
            yield segment, path


def _hole(base: Base, stored: Sequence[str]) -> Break | None:
    """What is not there of the log after a base, before the last of what is stored."""
    for expected, segment in enumerate(stored, _number(base.first)):
        if _number(segment) != expected:
            return Break(_name(segment[:_TIMELINE], expected), "is missing from the archive")
    return None


def _number(segment: str) -> int:
    """The place of a segment in the log: the last two thirds of its name are such a number and, with 16 MB, its 256 parts."""
    return int(segment[_TIMELINE : 2 * _TIMELINE], 16) * _PARTS + int(segment[2 * _TIMELINE :], 16)


def _name(timeline: str, number: int) -> str:
    return f"{timeline}{number // _PARTS:08X}{number % _PARTS:08X}"


def base_name(at: datetime, first: str) -> str:
    """The file name of a base that was finished at that moment and needs the log from `first` on."""
    return f"{at.astimezone(UTC):{_STAMP}}-{first}.base"


def _openssl(*arguments: str) -> None:
    try:
        completed = subprocess.run(  # noqa: S603 - a list of our own words, no shell
            ["/usr/bin/openssl", *arguments], capture_output=True, text=True, check=False, umask=0o077
        )
    except OSError as error:
        raise ClusterError(f"openssl: {error.strerror}. Fix: apt-get install openssl") from error
    if completed.returncode != 0:
        raise OpensslFailed(f"openssl {arguments[0]}: {completed.stderr.strip()[-500:]}")
