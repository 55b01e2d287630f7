"""`madoguchi-sandbox` or `python -m madoguchi_sandbox`: stand-ins for Stripe and the mail server, for trying out and for tests."""

import argparse
import signal
import sys
from pathlib import Path

from madoguchi_sandbox.server import serve


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="madoguchi-sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; loopback unless --allow-remote")
    parser.add_argument("--port", type=int, default=8025, help="Stripe's API and pages, the mailbox page")
    parser.add_argument("--smtp-port", type=int, default=8026, help="where mail is taken in")
    parser.add_argument("--data-dir", type=Path, default=Path("sandbox-data"), help="where its database is kept")
    parser.add_argument("--public-url", default="", help="where a browser reaches it, if not at the same address")
    parser.add_argument("--allow-remote", action="store_true", help="listen on other interfaces too, in a container")
    return parser


def main() -> None:
    """Read the options and serve until interrupted or terminated."""
    options = parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop of the service ends as tidily as Ctrl-C
    options.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        serve(
            options.host,
            options.port,
            options.data_dir,
            options.smtp_port,
            public_url=options.public_url,
            allow_remote=options.allow_remote,
        )
    except (OSError, ValueError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
