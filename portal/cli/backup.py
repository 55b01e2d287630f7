"""`madoguchi backup` and `madoguchi restore`: everything but the keys, as one encrypted file."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase in its first line; at least 20 characters.",
)


def _read(path: Path) -> bytes:
    words = path.read_bytes().split(b"\n")[0].strip()
    if len(words) < 20:
        raise click.UsageError(f"{path}: the passphrase must have at least 20 characters")
    return words


@click.command(short_help="Write everything but the keys to an encrypted file.")
@click.argument("file", type=_FILE)
@_passphrase
def backup(file: Path, passphrase_file: Path) -> None:
    """Write the database to FILE, encrypted; readable by its owner alone. The keys are not in it."""
    from portal.backup.actions import back_up
    from portal.core.config import settings

    with _plain():
        back_up(file, _read(passphrase_file))
    click.echo(
        f"{file} is written. The keys in {settings().instance_path / 'keys'} are not in it: keep them elsewhere."
    )


@click.command(short_help="Fill an empty installation from a backup.")
@click.argument("file", type=_FILE, required=False)
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--release", is_flag=True, help="Let the worker of a restored installation run.")
def restore(file: Path | None, passphrase_file: Path | None, release: bool) -> None:
    """Fill an installation without cities from FILE; the folder of keys must be in place.

    Workers do not run on it until `madoguchi restore --release`: mails and refunds that waited in the backup would go out from a copy.
    """
    from portal.backup import actions

    with _plain():
        if release:
            actions.release()
            click.echo("Workers may run. Jobs that waited are carried out as soon as one does.")
            return
        if file is None or passphrase_file is None:
            raise click.UsageError("give FILE and --passphrase-file, or --release")
        cities = actions.restore(file, _read(passphrase_file))
    click.echo(f"Restored: {', '.join(cities)}. Everybody must sign in again.")
    click.echo("Jobs are held: mail and refunds that waited do not go out until you run madoguchi restore --release.")
