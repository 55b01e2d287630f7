"""The pages of publishing."""

from flask import Flask

from portal.publishing import editing


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(editing.bp)
