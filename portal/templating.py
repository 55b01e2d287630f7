"""Where templates lie, and what every template may use."""

import os
import pickle
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.bccache import Bucket

from common import status
from forms.text.ways import WAYS
from portal.core import clock, text, text_size, themes
from portal.core.config import CHECKOUT, settings
from portal.core.figures import figure
from portal.core.page_address import page_address
from portal.core.posted_fields import written_texts
from portal.core.readings import reading_of
from portal.core.telephones import telephone_address, telephone_link

JINJA = version("jinja2")


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as bytecode in a folder, so that a process need not compile again what another compiled: two seconds of work for all.

    What is kept holds for one source text, one Python and one Jinja. It runs as code, so a folder in which others may write is not used.
    """

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{JINJA}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            if self._is_ours():
                super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()  # cut short, as by a power failure: it is made again

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # a full disk costs time, not the page
            Path(self.directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_ours():
                super().dump_bytecode(bucket)

    def _is_ours(self) -> bool:
        folder = Path(self.directory).stat()
        return folder.st_uid == os.geteuid() and not folder.st_mode & 0o022


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
    app.jinja_env.bytecode_cache = CompiledTemplates(str(settings().instance_path / "templates"))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=text._,
        pick=text.pick,
        yen=text.yen,
        yen_left=text.yen_left,
        listed=text.listed,
        dot=text.dot,
        aside=text.aside,
        labelled=text.labelled,
        date_ja=text.date_ja,
        moment_ja=text.moment_ja,
        days_left=text.days_left,
        current_language=text.current_language,
        html_language=text.html_language,
        TEXT_SIZES=text_size.SIZES,
        current_text_size=text_size.current_text_size,
        WAYS=WAYS,
        page_address=page_address,
        LANGUAGES=text.LANGUAGES,
        STATUS_WORDS=status.STATUS_WORDS,
        OPEN_STATUSES=status.OPEN_STATUSES,
        CLOSED_STATUSES=status.CLOSED_STATUSES,
        now=clock.now,
        today=clock.today,
        settings=settings,
        is_own_theme=themes.is_own,
        style_of_theme=themes.style_of,
    )
    app.jinja_env.filters["figure"] = figure
    app.jinja_env.filters["read_as"] = reading_of
    app.jinja_env.filters["written_texts"] = written_texts
    app.jinja_env.filters["telephone"] = telephone_link
    app.jinja_env.filters["telephone_address"] = telephone_address
