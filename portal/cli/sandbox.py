"""`madoguchi sandbox`: starts the stand-ins for Stripe and the mail server, a distribution of its own (`sandbox/`).

Production does not install it, so nothing here imports it: it is run as a program.
"""

import os
import sys
from importlib.util import find_spec

import click

MODULE = "madoguchi_sandbox"


@click.command(
    short_help="Run the stand-ins for Stripe and the mail server.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def sandbox(options: tuple[str, ...]) -> None:
    """Run the test stand-ins for Stripe and for the mail server. Never for real money or real mail.

    OPTIONS are those of the program itself: `madoguchi sandbox -- --help` lists them.
    """
    from portal.core.config import settings

    require_sandbox()
    if settings().environment == "production":
        raise click.ClickException(
            "MADOGUCHI_ENVIRONMENT is production, which pays at Stripe itself: the sandbox is not started."
        )
    folder = settings().instance_path / "sandbox"
    command = [sys.executable, "-m", MODULE, "--data-dir", str(folder), *options]
    os.execv(sys.executable, command)  # noqa: S606 - no shell


def require_sandbox() -> None:
    """Raise a click error that names the remedy unless the sandbox is installed beside the portal."""
    if find_spec(MODULE) is None:
        raise click.ClickException(
            "The sandbox is not installed: a city's portal works with Stripe and its own mail server. "
            "For trying out, run scripts/setup in the checkout."
        )
