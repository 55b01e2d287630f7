"""The pages of the desk."""

from flask import Flask

from portal.desk import acting, board, tiles


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    for part in (board, tiles, acting):
        app.register_blueprint(part.bp)
