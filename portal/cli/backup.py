"""`madoguchi backup` and `madoguchi restore`: everything but the keys, as one encrypted file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from portal.cli.plain import plain_errors


@contextmanager
def _plain() -> Iterator[None]:
    from portal.backup.actions import BackupFailed
    from portal.backup.stream import BackupBroken

    try:
        with plain_errors():
            yield
    except (BackupFailed, BackupBroken, OSError) as error:
        raise click.ClickException(str(error)) from error


_FILE = click.Path(dir_okay=False, path_type=Path)
_passphrase = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase in its first line; at least 20 characters.",
)


def _read(path: Path) -> bytes:
    passphrase = path.read_bytes().split(b"\n")[0].strip()
    if len(passphrase) < 20:
        raise click.UsageError(f"{path}: the passphrase must have at least 20 characters")
    return passphrase


@click.command(short_help="Write everything but the keys to an encrypted file.")
@click.argument("file", type=_FILE, required=False)
@_passphrase
@click.option("--base", is_flag=True, help="A base of the private cluster into its archive instead; needs no FILE.")
def backup(file: Path | None, passphrase_file: Path | None, base: bool) -> None:
    """Write the database to FILE, encrypted; readable by its owner alone. The keys are not in it."""
    from portal.backup.actions import back_up
    from portal.backup.bases import take_base
    from portal.core.config import settings

    with _plain():
        if base:
            path = take_base()
        elif file is None or passphrase_file is None:
            raise click.UsageError("give FILE and --passphrase-file, or --base")
        else:
            path = file
            back_up(file, _read(passphrase_file))
    click.echo(
        f"{path} is written. The keys in {settings().instance_path / 'keys'} are not in it: keep them elsewhere."
    )


@click.command(short_help="Fill an empty installation from a backup.")
@click.argument("file", type=_FILE, required=False)
@_passphrase
@click.option(
    "--until",
    metavar="MOMENT",
    help='From the archive of the private cluster: "2026-11-28 12:00:00" in Japan, or latest. FILE is then a base, or left out.',
)
@click.option("--release", is_flag=True, help="Let the worker of a restored installation run.")
def restore(file: Path | None, passphrase_file: Path | None, until: str | None, release: bool) -> None:
    """Fill an installation without cities from FILE, or from the archive; the folder of keys must be in place.

    Workers do not run on it until `madoguchi restore --release`: mails and refunds that waited in the backup would go out from a copy.
    """
    from portal.backup import actions

    with _plain():
        if release:
            actions.release()
            click.echo("Workers may run. Jobs that waited are carried out as soon as one does.")
            return
        if until is not None:
            restored = _from_archive(until, file)
        elif file is None or passphrase_file is None:
            raise click.UsageError("give FILE and --passphrase-file, or --until, or --release")
        else:
            restored = ", ".join(actions.restore(file, _read(passphrase_file)))
    click.echo(f"Restored: {restored}. Everybody must sign in again.")
    click.echo("Jobs are held: mail and refunds that waited do not go out until you run madoguchi restore --release.")


def _from_archive(until: str, base: Path | None) -> str:
    from portal.backup.bases import restore_until
    from portal.core.clock import TOKYO

    restored = restore_until(None if until == "latest" else _moment(until), base)
    if restored.broken is not None:
        click.echo(
            f"NOT EVERYTHING CAME BACK: {restored.broken}, so what was written after it could not be replayed.",
            err=True,
        )
    return f"everything until {restored.until.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} in Japan, upon {restored.base.path.name}"


def _moment(text: str) -> datetime:
    """In Japan, unless it has an offset of its own."""
    from portal.core.clock import TOKYO

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f'--until: {text!r} is no moment; write it as "2026-11-28 12:00:00", or latest'
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)
