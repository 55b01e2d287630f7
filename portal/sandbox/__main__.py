"""`python -m portal.sandbox`: start the sandbox by itself."""

import argparse
from pathlib import Path

from portal.sandbox.server import serve


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="portal.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--smtp-port", type=int, default=12025)
    parser.add_argument("--data-dir", type=Path, default=Path("instance/sandbox"))
    parser.add_argument(
        "--public-url", default="", help="where a browser reaches this server, if not at the same address"
    )
    parser.add_argument(
        "--allow-remote", action="store_true", help="listen on other interfaces too (inside a container)"
    )
    options = parser.parse_args()
    serve(
        options.host,
        options.port,
        options.data_dir,
        options.smtp_port,
        public_url=options.public_url,
        allow_remote=options.allow_remote,
    )


if __name__ == "__main__":
    main()
