"""A city open for residents: every demo procedure published, the demo layers in place, and browsers that come by."""

import io
import re
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

import forms
from forms import Definition, inputs_of, load
from forms.fields.file import Files
from portal.core.database import city_session
from portal.demo.cities import DEPARTMENTS
from portal.demo.map_layers import load_demo_layers
from portal.identity.models import Department
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.procedures import actions as procedures
from tests.instance import scratch_city_alone
from tests.integration.conftest import sweep
from tests.integration.visitors import agreement

CITY = "hino"
HOST = "hino.localhost"
CATALOGUE = Path(forms.__file__).parent / "catalogue"
SHARED = {"items", "facts", "workflows"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SEEN = re.compile(r'name="case-seen" value="([^"]+)"')


def catalogue() -> dict[str, str]:
    """The demo procedures' sources by key."""
    return {path.stem: path.read_text() for path in sorted(CATALOGUE.glob("*.yaml")) if path.stem not in SHARED}


@pytest.fixture(scope="package")
def open_city(database: None) -> Iterator[str]:
    """日野市 with all demo procedures; swept when this package's tests are over."""
    with scratch_city_alone():
        sweep(CITY)
        with city_session(CITY) as session:
            for sort, (key, by_city) in enumerate(DEPARTMENTS.items()):
                session.add(Department(key=key, title={"ja": by_city[CITY][0]}, phone="042-585-1111", sort=sort))
            session.flush()
            for key, source in catalogue().items():
                made = procedures.create_procedure(session, key, load(source).department)
                procedures.save_draft(session, made, source, None)
                procedures.publish(session, made, None)
            load_demo_layers(session, CITY)
        yield CITY
        sweep(CITY)


@pytest.fixture(scope="package")
def app() -> Flask:
    """The whole portal."""
    from portal.app import create_app

    return create_app()


class Browser:
    """One browser: keeps cookies, sends the token and the version of the case of the page it was last shown, does not follow redirects.

    Each asks from a network address of its own, so that all tests together do not use up what one address may ask for.
    """

    _addresses = cycle(f"192.0.2.{number}" for number in range(1, 255))

    def __init__(self, client: FlaskClient, host: str = HOST) -> None:
        self.client = client
        self.client.environ_base["REMOTE_ADDR"] = next(self._addresses)
        self.host = host
        self.token = ""
        self.seen: dict[str, str] = {}

    def get(self, path: str) -> TestResponse:
        return self._seen(self.client.get(path, base_url=f"http://{self.host}"))

    def post(self, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> TestResponse:
        fields = {"csrf_token": self.token, **self.seen, **(data or {})}
        sent = self.client.post(
            path,
            base_url=f"http://{self.host}",
            data=fields,
            content_type="multipart/form-data",
            headers={"Origin": f"http://{self.host}"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        return self._seen(sent)

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and (found := TOKEN.search(response.text)):
            self.token = found[1]
            self.seen = {"case-seen": seen[1]} if (seen := SEEN.search(response.text)) else {}
        return response

    def start(self, procedure: str) -> str:
        """Begin an application; the address of its first page."""
        self.get(f"/procedures/{procedure}")
        started = self.post(f"/apply/{procedure}")
        assert started.status_code == 303
        self.get(started.location)
        return started.location

    def sign_in(self, email: str) -> None:
        """Prove an e-mail address by the code that was mailed."""
        self.get("/sign-in")
        self.post("/sign-in", {"email": email})
        self.get("/sign-in/code")
        entered = self.post("/sign-in/code", {"code": code_mailed_to(email)})
        assert entered.status_code == 303
        self.get("/me")

    def fill(self, address: str, definition: Definition, answers: Mapping[str, Any]) -> str:
        """Send page after page with those answers, from a page of the form to the review; the address of the review."""
        for _page in definition.steps:
            step = address.rpartition("/")[2]
            if step == "review":
                break
            sent = self.post(address, posted(definition, step, answers))
            assert sent.status_code == 303, re.findall(r'class="error"[^>]*>.*?</p>', sent.text, re.DOTALL)
            address = sent.location
        assert address.endswith("/review")
        return address

    def apply(self, procedure: str, answers: Mapping[str, Any], email: str | None = None) -> TestResponse:
        """Apply from the first page to the button that sends; what that button answered."""
        if email:
            self.sign_in(email)
        address = self.start(procedure)
        review = self.fill(address, load(catalogue()[procedure]), answers)
        return self.agree(review)

    def agree(self, review: str) -> TestResponse:
        """Look at the review page, and send what it shows."""
        return self.post(review, agreement(self.get(review).text))


def posted(definition: Definition, step_id: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser posts for those answers, with real files for those that the answers name."""
    form: dict[str, Any] = {}
    asked = {field.id: field for field in definition.step(step_id).fields}
    for name, text in inputs_of(definition, step_id, answers).items():
        field = asked[name.split(".")[0]]
        if isinstance(field, Files):
            count = len(answers[field.id])
            form[f"{field.id}.upload"] = [(io.BytesIO(picture()), f"{n}.png") for n in range(count)]
        else:
            form[name] = text
    return form


def picture() -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 180, 120)).save(file, "PNG")
    return file.getvalue()


def code_mailed_to(email: str) -> str:
    """The newest sign-in code for an address."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", mailed_to(email, "sign_in_code"))
    assert found
    return found[0]


def mailed_to(email: str, kind: str) -> str:
    """The newest mail of a kind to an address."""
    with city_session(CITY) as session:
        rows = session.scalars(select(MailMessage).where(MailMessage.kind == kind).order_by(MailMessage.id.desc()))
        letters = [Letter.opened(CITY, row.kind, row.sealed) for row in rows]
    return next(letter.body for letter in letters if letter.to == email)


@pytest.fixture
def browser(app: Flask, open_city: str) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def other_browser(app: Flask, open_city: str) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def page(browser: Browser) -> str:
    """The page of the 罹災証明 that asks for four photos."""
    address = browser.start("disaster-certificate").rpartition("/")[0] + "/extent"
    browser.get(address)
    return address


@pytest.fixture
def report(browser: Browser) -> str:
    """The page of a damaged road, which takes four photos at most."""
    address = browser.start("road-damage").rpartition("/")[0] + "/where"
    browser.get(address)
    return address
