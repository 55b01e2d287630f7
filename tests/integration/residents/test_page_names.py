"""A department may call its questions what it likes: no name or id of a page around them is one that a question can have."""

import re

from forms import load
from forms.fields.rendering import PAGE_IDS
from tests.integration.residents.conftest import Browser, catalogue

ID_OF_A_QUESTION = re.compile(r"[a-z][a-z0-9_]*$")
NAMES = re.compile(r'<[^>]*?\s(?:id|name)="([^"]+)"')
HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)


def test_pages_of_a_form_leave_every_name_to_its_questions(browser: Browser) -> None:
    for key, source in catalogue().items():
        definition = load(source)
        base = browser.start(key).rpartition("/")[0]
        for step in definition.steps:
            names = set(NAMES.findall(HEAD.sub("", browser.get(f"{base}/{step.id}").text)))
            own = {name for name in names if ID_OF_A_QUESTION.match(name) and name not in definition.fields}
            assert own <= PAGE_IDS, (key, step.id)
