"""What a city says of itself, in the hands of its administrators: readable everywhere at once, refused by field, and its own alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text

from portal.cli import main
from portal.core.database import city_session
from portal.core.events import SYSTEM, Event
from portal.core.tenancy import city_row
from portal.identity.actions import create_staff
from portal.identity.city_administration import CityParticulars, particulars_of_city, save_city
from portal.identity.department_administration import Particulars, save_department
from tests.integration.identity.test_departments import enter, hidden
from tests.kit.letters import letters
from tests.kit.people import PASSWORD, SECRET

PAGE = "/desk/city"


@pytest.fixture
def hall(doors: Flask, scratch_city: str) -> Iterator[SimpleNamespace]:
    """An administrator of the whole city and one of the roads office, at their desks; at the end the city is as it was."""
    with city_session(scratch_city) as session:
        before = particulars_of_city(city_row(session))
        roads = save_department(session, SYSTEM, "road-management", Particulars({"ja": "道路課"})).id
        for name, office in (("chief", None), ("local", roads)):
            create_staff(
                session, f"{name}@city.example.jp", f"{name} 職員", PASSWORD, {office: {"admin"}}, totp_secret=SECRET
            )
        as_it_was = replace(before, theme="blue")
        save_city(session, SYSTEM, as_it_was)
    yield SimpleNamespace(city=scratch_city, chief=enter(doors, "chief"), local=enter(doors, "local"))
    with city_session(scratch_city) as session:
        save_city(session, SYSTEM, as_it_was)


def now_of(hall: SimpleNamespace) -> CityParticulars:
    with city_session(hall.city) as session:
        return particulars_of_city(city_row(session))


def fields_of(hall: SimpleNamespace, **changed: str) -> dict[str, str]:
    """The form as its page shows it, with some fields written anew."""
    page = hall.chief.get(PAGE).text
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    options = re.findall(r"<option[^>]*>", page)
    theme = [option.split('value="')[1].split('"')[0] for option in options if " selected" in option]
    assert len(theme) == 1, options
    names = CityParticulars.__dataclass_fields__.keys() | {"colour", "seen"}
    kept = {name: value for name, value in fields.items() if name in names}
    return kept | {"theme": theme[0]} | changed


def city_events(hall: SimpleNamespace) -> list[list[str]]:
    with city_session(hall.city) as session:
        rows = select(Event.data).where(Event.name == "city.changed", Event.actor_kind == "staff").order_by(Event.id)
        return [data["changed"] for data in session.scalars(rows)]


def test_what_is_changed_is_read_on_every_page(hall: SimpleNamespace) -> None:
    changed = {
        "phone": "０４２－５８５－２２２２",
        "opens": "９:00",
        "closes": "16:30",
        "theme": "own",
        "colour": "#0A5C36",
    }
    saved = hall.chief.post(PAGE, fields_of(hall, **changed))
    assert saved.status_code == 303
    page = hall.chief.get(saved.location).text
    assert "保存しました" in page
    assert '[data-city="#0a5c36"]{--key:#0a5c36;' in page
    assert (now_of(hall).opens, now_of(hall).closes, now_of(hall).theme) == ("9:00", "16:30", "#0a5c36")
    assert city_events(hall) == [["phone", "opens", "closes", "theme"]]
    same = hall.chief.post(PAGE, fields_of(hall))
    assert "変わったところは、ありません" in hall.chief.get(same.location).text
    assert len(city_events(hall)) == 1


WRONG = [
    ("name", "", "市の名前を入力してください"),
    ("name_en", "a" * 41, "40文字までです"),
    ("postal_code", "12", "7けたの数字"),
    ("phone", "12", "市外局番から"),
    ("opens", "25:00", "8:30 のように"),
    ("closes", "8:00", "開く時刻よりあと"),
    ("center", "35.68, 139.39", "日本の外の場所です"),
    ("center", "日野", "コンマで区切って"),
    ("theme", "nosuch", "「nosuch」はありません"),
    ("reply_to", "市役所", "メールアドレスは"),
]


def test_what_cannot_be_taken_is_said_beside_its_field(hall: SimpleNamespace) -> None:
    for field, value, sentence in WRONG:
        refused = hall.chief.post(PAGE, fields_of(hall, address="九番地", **{field: value}))
        assert refused.status_code == 422, field
        assert sentence in refused.text
        assert 'value="九番地"' in refused.text
    assert city_events(hall) == []


def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_one_that_can(hall: SimpleNamespace) -> None:
    refused = hall.chief.post(PAGE, fields_of(hall, theme="own", colour="#66cc99"))
    assert refused.status_code == 422
    suggested = re.search(r"読める色は (#[0-9a-f]{6}) です", refused.text)
    assert suggested is not None
    assert hall.chief.post(PAGE, fields_of(hall, theme="own", colour=suggested[1])).status_code == 303
    assert now_of(hall).theme == suggested[1]


def test_the_slower_of_two_reads_the_others_change(hall: SimpleNamespace) -> None:
    first, second = fields_of(hall, address="一番地"), fields_of(hall, phone="042-585-3333")
    assert hall.chief.post(PAGE, first).status_code == 303
    slower = hall.chief.post(PAGE, second)
    assert slower.status_code == 409
    assert "ほかの人が先に変えました" in slower.text
    assert 'value="042-585-3333"' in slower.text
    assert hall.chief.post(PAGE, second | {"seen": hidden(slower.text, "seen")}).status_code == 303


def test_only_who_manages_the_whole_city_changes_it(hall: SimpleNamespace) -> None:
    assert "すべての課の管理者です" in hall.local.get(PAGE).text
    assert hall.local.post(PAGE, fields_of(hall, address="一番地")).status_code == 403
    assert hall.local.post(f"{PAGE}/trial-mail").status_code == 403
    assert city_events(hall) == []


def test_a_city_reaches_no_other_row(hall: SimpleNamespace) -> None:
    with city_session(hall.city) as session:
        touched = session.execute(text("UPDATE city SET name = 'よその市' WHERE key <> :key"), {"key": hall.city})
        assert touched.rowcount == 0
        keys = session.scalars(text("SELECT key FROM city")).all()
    assert len(keys) > 1


def test_mails_bear_the_name_of_their_sender(hall: SimpleNamespace) -> None:
    changed = fields_of(hall, mail_name="日野市 オンライン窓口", reply_to="Madoguchi@Hino.example.jp")
    assert hall.chief.post(PAGE, changed).status_code == 303
    assert now_of(hall).reply_to == "madoguchi@hino.example.jp"
    sent = hall.chief.post(f"{PAGE}/trial-mail")
    assert sent.status_code == 303
    assert "試しのメールを送ります" in hall.chief.get(sent.location).text
    trial = letters(hall.city, "trial_mail")[-1]
    assert trial.to == "chief@city.example.jp"


def test_the_command_line_changes_the_same_and_leaves_the_rest(hall: SimpleNamespace) -> None:
    assert hall.chief.post(PAGE, fields_of(hall, opens="9:00")).status_code == 303
    now = now_of(hall)
    command = ["city", "create", hall.city, "--name", now.name, "--name-kana", now.name_kana, "--name-en", now.name_en]
    command += ["--code", "132128", "--postal-code", now.postal_code, "--address", "九番地", "--phone", now.phone]
    command += ["--center", "139.39", "35.67"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert (now_of(hall).address, now_of(hall).opens, now_of(hall).theme) == ("九番地", "9:00", "blue")
    refused = CliRunner().invoke(main, [*command, "--theme", "nosuch"])
    assert refused.exit_code == 1
    assert "nosuch" in refused.output
