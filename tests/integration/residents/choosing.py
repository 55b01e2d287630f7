"""Choosing files on a page of an application, as the script does; and what is kept of them."""

import io
from typing import Any

from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import files
from portal.cases.drafts import answers_of
from portal.cases.models import Draft
from portal.core.database import city_session
from portal.files import StoredFile
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

_SHADES = iter(range(10**6))


def photo(kind: str = "JPEG") -> bytes:
    """A picture that is like no other, as JPEG too, which does not tell neighbouring shades apart."""
    shade = next(_SHADES)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade % 32 * 8, shade // 32 % 32 * 8, shade // 1024 % 32 * 8)).save(out, kind)
    return out.getvalue()


def add(browser: Browser, page: str, name: str, content: bytes | None = None, field: str = "photos") -> TestResponse:
    """Choose a file on a page with a script."""
    upload = (io.BytesIO(photo() if content is None else content), name)
    return browser.post(f"{page}/files/{field}", {"upload": upload}, Accept="application/json")


def take_out(browser: Browser, page: str, file_id: str, field: str = "photos") -> TestResponse:
    return browser.post(f"{page}/files/{field}/remove", {"file": file_id}, Accept="application/json")


def move(browser: Browser, page: str, file_id: str, by: int, named: list[str], field: str = "photos") -> TestResponse:
    """Move a file up (-1) or down (1) in the list of a page."""
    sent = {"file": file_id, "by": str(by), f"{field}.files": named}
    return browser.post(f"{page}/files/{field}/move", sent, Accept="application/json")


def draft_of(page: str) -> str:
    return page.split("/")[3]


def stored_files(public_id: str) -> list[StoredFile]:
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == public_id)).one()
        return files.files_of_draft(session, draft.id)


def names(public_id: str) -> list[str]:
    return [file.name for file in stored_files(public_id)]


def file_answer(public_id: str, field: str = "photos") -> Any:
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == public_id)).one()
        return answers_of(session, draft).get(field)
