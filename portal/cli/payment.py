"""`madoguchi payment`: what an operator looks after in the payments of a city."""

import click

from portal.cli.inside import inside
from portal.cli.plain import plain_errors

WHY = {
    "no_object": "about something without an id, as a balance",
    "not_ours": "of another system on the same account",
    "refused": "the provider does not know the object any more",
    "given_up": "the provider did not answer for a day",
}


@click.group()
def payment() -> None:
    """Look after the payments of a city."""


@payment.command()
@click.argument("key")
@click.option(
    "--days",
    type=click.IntRange(1, 90),
    default=30,
    show_default=True,
    help="How far back; notices are kept for 90 days.",
)
def notices(key: str, days: int) -> None:
    """The provider's notices that the city KEY set aside: when, which, about what, and why. Nothing of them waits."""
    from datetime import timedelta

    from portal.core.clock import now
    from portal.payments import set_aside_events

    with plain_errors(), inside(key) as session:
        events = set_aside_events(session, now() - timedelta(days=days))
    for event in events:
        why = WHY[event.set_aside or ""]
        click.echo(
            f"{event.received_at:%Y-%m-%d %H:%M}\t{event.event_id}\t{event.type}\t{event.object_id or '-'}\t{why}"
        )
    click.echo(f"{len(events)} notices set aside in {days} days", err=True)


@payment.command()
@click.argument("key")
def book(key: str) -> None:
    """Book what the city KEY charged, received and refunded before it had books. Safe to repeat and to break off."""
    from portal.payments import book_former_orders

    with plain_errors():
        with inside(key):
            pass  # there is such a city
        count = book_former_orders(key)
    click.echo(f"{key}: {count} payments are in the books")


@payment.command("end-rotation")
@click.argument("key")
def end_rotation(key: str) -> None:
    """Take only the present webhook secret of the city KEY from now on.

    `madoguchi city pay` renews the secret and keeps the former one valid, so that notices on their way arrive. End that after
    a day, or at once when the former secret may have leaked.
    """
    from portal.payments import end_secret_rotation

    with plain_errors(), inside(key) as session:
        end_secret_rotation(session)
    click.echo(f"{key}: only the present secret signs notices")
