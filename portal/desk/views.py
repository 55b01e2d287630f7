"""The pages of the desk."""

from flask import Flask

from portal.desk import acting, board, daily_payments, retention, reviews, stage_forms, tiles


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    for part in (board, tiles, acting, stage_forms, retention, daily_payments, reviews):
        app.register_blueprint(part.bp)
