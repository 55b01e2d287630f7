"""`madoguchi mail`: mails that did not arrive. Neither addresses nor texts are shown; they are sealed."""

import click

from portal.cli.plain import plain_errors


@click.group()
def mail() -> None:
    """List mails that did not arrive, and queue them again."""


@mail.command("list")
@click.argument("city")
def list_mails(city: str) -> None:
    """One line a mail of CITY: number, day, kind, case, status, reason (the mail server's reply code, `address` or `late`)."""
    from portal.cli.inside import inside
    from portal.notifications.actions import given_up

    with plain_errors(), inside(city) as session:
        for message in given_up(session):
            day = f"{message.created_at:%Y-%m-%d}"
            click.echo(
                f"{message.id}\t{day}\t{message.kind}\t{message.case_id or '-'}\t{message.status}\t{message.reason or '-'}"
            )


@mail.command()
@click.argument("city")
@click.argument("numbers", nargs=-1, type=int)
def retry(city: str, numbers: tuple[int, ...]) -> None:
    """Queue mails of CITY again: those NUMBERS, or without any all that the mail server did not take."""
    from portal.cli.inside import inside
    from portal.notifications import actions

    with plain_errors(), inside(city) as session:
        count = actions.retry(session, numbers)
    click.echo(f"{count} mails wait to be sent")
