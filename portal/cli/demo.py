"""`madoguchi demo`: three cities to try everything with, and how to sign in to them."""

import click

from portal.cli.plain import plain_errors


@click.command()
@click.option("--sign-ins", "only_sign_ins", is_flag=True, help="Print the sign-ins again, load nothing.")
def demo(only_sign_ins: bool) -> None:
    """Load the demo cities (safe to repeat) and print their sign-ins."""
    with plain_errors():
        if not only_sign_ins:
            _refuse_production()
            from portal.cli.init import bring_up_to_date

            bring_up_to_date()
            _load()
        click.echo(sign_ins())


def load_when_empty(cities: list[str]) -> None:
    """Load the demo unless the installation has only cities of its own; completes a load that was interrupted."""
    from portal.demo.cities import demo_cities

    if not cities or {city.key for city in demo_cities()} & set(cities):
        _load()


def sign_ins() -> str:
    """A table of the demo's staff: city, desk, address, password, the six digits valid now, and the key behind them."""
    import pyotp

    from portal.core.clock import now
    from portal.demo import sign_ins as demo_sign_ins

    moment = now()
    rows: list[tuple[str, ...]] = [("city", "who", "e-mail", "password", "code now", "authenticator key")]
    rows += [
        (
            person.city,
            person.who,
            person.email,
            person.password,
            pyotp.TOTP(person.totp_secret).at(moment),
            person.totp_secret,
        )
        for person in demo_sign_ins()
    ]
    if len(rows) == 1:
        return "  No demo staff here. Load them with: madoguchi demo"
    return "\n".join("  " + line for line in _columns(rows)) + "\n  Fresh codes: madoguchi demo --sign-ins"


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows set in columns; a Japanese character takes two places in a terminal."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _load() -> None:
    from portal.demo import load

    load(click.echo)


def _refuse_production() -> None:
    from portal.core.config import settings

    if settings().environment == "production":
        raise click.ClickException("The demo has passwords that everybody knows; it is not loaded in production.")
