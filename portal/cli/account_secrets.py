"""The secrets of a new account on the terminal: shown once, and handed over in person."""

import click


def say_secrets(who: str, password: str, address: str) -> None:
    """Print whose they are, the first password and the authenticator's address, as a key and as a code for cameras."""
    from io import StringIO

    import segno

    click.echo(f"{who}\n\n  password           {password}\n  authenticator key  {key_in(address)}\n")
    code = StringIO()
    segno.make_qr(address).terminal(out=code, compact=True)
    click.echo(
        f"{code.getvalue()}\nThese are shown only now. Hand them over in person; the code is read by any authenticator app."
    )
    say_days()


def key_in(address: str) -> str:
    """The authenticator key inside an otpauth address, for typing where no camera is."""
    import pyotp

    return pyotp.parse_uri(address).secret


def say_days() -> None:
    """Print for how long a first password works."""
    from portal.core.config import settings

    click.echo(f"Valid for {settings().initial_password_days} days: at the first sign-in an own one takes its place.")
