"""`madoguchi mail`: mails that could not be delivered. Neither addresses nor texts are shown; they are encrypted."""

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
    from portal.notifications import undelivered_mail

    with plain_errors(), inside(city) as session:
        for message in undelivered_mail(session):
            day = f"{message.created_at:%Y-%m-%d}"
            click.echo(
                f"{message.id}\t{day}\t{message.kind}\t{message.case_id or '-'}\t{message.status}\t{message.reason or '-'}"
            )


@mail.command()
@click.argument("city")
@click.argument("numbers", nargs=-1, type=int)
def retry(city: str, numbers: tuple[int, ...]) -> None:
    """Queue mails of CITY again: those NUMBERS, or without any all that the mail server did not accept."""
    from portal.cli.inside import inside
    from portal.notifications import retry_undelivered

    with plain_errors(), inside(city) as session:
        count = retry_undelivered(session, numbers)
    click.echo(f"{count} mails wait to be sent")
