"""`madoguchi sandbox`: the stand-ins for services of others (Stripe, the mail server), in their own process."""

import signal

import click

PORT = 8025
SMTP_PORT = 8026


@click.command(short_help="Run the stand-ins for Stripe and the mail server.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; loopback unless --allow-remote."
)
@click.option("--port", default=PORT, show_default=True, help="Stripe's API and pages, the mailbox page.")
@click.option("--smtp-port", default=SMTP_PORT, show_default=True, help="Where mail is taken in.")
@click.option("--public-url", default="", help="Where a browser reaches it, when not at the same address.")
@click.option("--allow-remote", is_flag=True, help="Listen on other interfaces too, inside a container.")
def sandbox(host: str, port: int, smtp_port: int, public_url: str, allow_remote: bool) -> None:
    """Run the test stand-ins for Stripe and for the mail server. Never for real money or real mail."""
    from portal.core.config import settings
    from portal.sandbox import serve

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop of the service ends as tidily as Ctrl-C
    folder = settings().instance_path / "sandbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        serve(host, port, folder, smtp_port, public_url=public_url, allow_remote=allow_remote)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
