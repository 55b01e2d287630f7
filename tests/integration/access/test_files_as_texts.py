"""A file part under the name of a text, sent to every form there is: a question without an answer, never a broken page."""

import io
import json
from typing import Any

import pytest
from flask import Flask

from portal.core.forms import Form
from tests.integration.access.routes import FORMS, doors
from tests.integration.access.town import Town

OTHER_TEXTS = {
    "body",
    "note",
    "move",
    "move-place",
    "reply-to-office",
    "agreed",
    "method",
    "q",
    "draft-source",
    "phone",
    "name.family",
    "shown-questions",
}


def texts_of_forms() -> set[str]:
    """The names of the fields of every fixed screen."""
    return {name for form in Form.__subclasses__() for name in vars(form) if not name.startswith("_")}


def files_as_texts(keep: set[str]) -> dict[str, Any]:
    names = (texts_of_forms() | OTHER_TEXTS) - keep
    return {name: (io.BytesIO("山本".encode()), "text.txt", "text/plain") for name in names}


@pytest.mark.parametrize("who", ["anonymous", "officer", "owner"])
def test_a_file_under_the_name_of_a_text_breaks_nothing(app: Flask, town: Town, who: str) -> None:
    visitor = town.people[who]
    broken, refused = {}, set()
    for door in doors(app, town):
        if door.method != "POST" or "discard" in door.path:
            continue
        form = FORMS.get(door.endpoint, {}) if door.endpoint == "residents.shift" else {}
        answer = visitor.post(door.path, form | files_as_texts(set(form)))
        if answer.status_code >= 500 and answer.status_code != 503:
            broken[door.path] = answer.status_code
        if answer.status_code == 422:
            refused.add(door.endpoint)
    assert broken == {}
    assert "resident_auth.send_code" in refused


def test_the_owner_and_the_officer_get_a_message(town: Town) -> None:
    asks = {
        "owner": {f"/apply/d/{town.draft}/later": "メールアドレスを入力してください。"},
        "officer": {
            "/desk/account": "いまのパスワードを入力してください。",
            "/desk/procedures": "手続きのキーを入力してください。",
        },
    }
    for who, pages in asks.items():
        for path, sentence in pages.items():
            answer = town.people[who].post(path, files_as_texts(set()))
            assert answer.status_code == 422, path
            assert sentence in answer.text


@pytest.mark.parametrize("body", [["x"], {"email": ["a"]}, {"email": {"a": 1}}, 5, None])
def test_json_in_place_of_a_form_breaks_nothing(town: Town, body: Any) -> None:
    for who, paths in {"anonymous": ("/sign-in",), "officer": ("/desk/account", "/desk/procedures")}.items():
        visitor = town.people[who]
        for path in paths:
            answer = visitor.send(
                "POST",
                path,
                data=json.dumps(body),
                content_type="application/json",
                headers={"X_CSRFToken": visitor.token},
            )
            assert answer.status_code == 422, path
