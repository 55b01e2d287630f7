"""Where templates lie, and what every template may use."""

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined

from common import status
from forms.text.ways import WAYS
from portal.core import clock, text
from portal.core.config import CHECKOUT, settings
from portal.core.page_address import page_address


def install(app: Flask) -> None:
    """Let an application find the templates, and give them the names that each of them may use. A name that nobody gave is an error."""
    engine_templates = FileSystemLoader(Path(CHECKOUT) / "forms" / "templates")
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(Path(__file__).parent / "templates"),
            PrefixLoader({"forms": engine_templates}),
            engine_templates,
        ]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=text._,
        pick=text.pick,
        yen=text.yen,
        date_ja=text.date_ja,
        moment_ja=text.moment_ja,
        days_left=text.days_left,
        current_language=text.current_language,
        html_language=text.html_language,
        WAYS=WAYS,
        page_address=page_address,
        LANGUAGES=text.LANGUAGES,
        STATUS_WORDS=status.STATUS_WORDS,
        OPEN_STATUSES=status.OPEN_STATUSES,
        CLOSED_STATUSES=status.CLOSED_STATUSES,
        now=clock.now,
        today=clock.today,
        settings=settings,
    )
