"""The shared templates keep their promises: they render with nothing missing, say what readers need, and hold to the content security policy."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import wtforms
from flask import Flask, render_template, render_template_string
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from common import status
from portal import templating
from portal.core.access import StaffIdentity
from portal.core.forms import PasswordField, StringField, TextAreaField

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "portal" / "templates"
ALL = sorted([*TEMPLATES.rglob("*.html"), *(ROOT / "forms" / "templates").rglob("*.html")])
PAGES = [path for path in ALL if path.parent.name != "documents"]
"""What browsers get; the rest becomes PDF."""

CITY = SimpleNamespace(
    key="mitaka",
    name="三鷹市",
    in_words="三鷹市",
    theme="green",
    postal_code="181-8555",
    address="三鷹市野崎一丁目1番1号",
    phone="0422-45-1151",
    opens="8:30",
    closes="17:15",
    origin="http://mitaka.localhost:8000",
)


@pytest.fixture
def app() -> Flask:
    """An application with the shared templates alone and the names that the portal gives to every template."""
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = "template tests"
    templating.install(app)
    app.jinja_env.globals.update(
        style_sheet=lambda name: Markup('<link rel="stylesheet" href="/static/{}">').format(name),
        static_url=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        csrf_field=lambda: Markup('<input type="hidden" name="csrf_token" value="token">'),
        csp_nonce=lambda: "nonce",
    )
    return app


def page(app: Flask, name: str, path: str = "/", **context: Any) -> str:
    """A whole page as a resident of Mitaka who is not signed in would get it."""
    context = {"city": CITY, "cities": [CITY], "account": None, "staff": None} | context
    with app.test_request_context(path):
        return render_template(name, **context)


def part(app: Flask, source: str, **context: Any) -> str:
    """What a piece of template renders to."""
    with app.test_request_context():
        return render_template_string(source, **context)


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_nothing_in_a_template_breaks_the_content_security_policy() -> None:
    assert len(PAGES) > 100
    for path in PAGES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"\sstyle\s*=", text), f"{path}: style attributes are refused by the policy: use a class"
        assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), f"{path}: handlers belong into static/js"
        loading = re.sub(r"<a\s[^>]*>", "", text)
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", loading), f"{path}: loads from other hosts"
        for opening in re.findall(r"<(?:script|style)\b[^>]*>", text):
            assert "src=" in opening or "csp_nonce()" in opening, f"{path}: {opening}"


def test_every_icon_that_is_used_exists() -> None:
    icons = set(
        re.findall(r"^\s+'([a-z]+)': '<", (TEMPLATES / "components" / "icon.html").read_text(encoding="utf-8"), re.M)
    )
    used = {
        (str(path.relative_to(ROOT)), icon)
        for path in ALL
        for icon in re.findall(r"\b(?:icon\(|icon_name=)'([a-z]+)'", path.read_text(encoding="utf-8"))
    }
    assert used
    assert {(path, icon) for path, icon in used if icon not in icons} == set()


def test_a_page_names_its_language_city_and_way_to_the_text(app: Flask) -> None:
    html = page(app, "base.html")
    tags = Tags(html)
    assert tags.of("html")[0]["lang"] == "ja"
    assert tags.of("html")[0]["data-city"] == "green"
    assert html.index('href="#main"') < html.index("<header")
    assert "三鷹市 窓口" in html
    assert "0422-45-1151" in html


def test_changing_the_language_keeps_what_was_searched_for(app: Flask) -> None:
    links = {link.get("href") for link in Tags(page(app, "base.html", "/procedures?q=犬&lang=ja")).of("a")}
    english = next(href for href in links if href and "lang=en" in href)
    assert "q=%E7%8A%AC" in english
    assert english.count("lang=") == 1


def test_the_error_page_works_without_a_city(app: Flask) -> None:
    html = page(app, "error.html", city=None, status=404, message="お探しのページは見つかりません。")
    assert "お探しのページは見つかりません。" in html
    assert "最初のページへ" in html


def test_a_page_with_faults_says_so_in_its_title(app: Flask) -> None:
    with app.test_request_context():
        html = render_template_string(
            "{% extends 'base.html' %}{% block title %}連絡先{% endblock %}",
            city=CITY,
            cities=[],
            account=None,
            staff=None,
            page_errors=True,
        )
    assert "<title>エラー：連絡先" in html


def test_the_desk_marks_where_one_is_and_asks_nothing_of_a_guest(app: Flask) -> None:
    staff = StaffIdentity(7, "高橋", "takahashi@example.jp", {3: frozenset({"clerk"})})
    source = "{% set here = 'cases' %}{% extends 'desk_base.html' %}{% block title %}案件{% endblock %}"
    with app.test_request_context():
        signed_in = render_template_string(source, city=CITY, cities=[], account=None, staff=staff)
        guest = render_template_string(source, city=CITY, cities=[], account=None, staff=None)
    current = [link for link in Tags(signed_in).of("a") if link.get("aria-current") == "page"]
    assert [link["href"] for link in current] == ["/desk"]
    assert 'data-density="desk"' in signed_in
    assert "csrf-token" not in guest


def test_the_error_summary_leads_to_each_field(app: Flask) -> None:
    html = part(
        app,
        "{% from 'components/note.html' import error_summary %}{{ error_summary([('tel', '電話番号は、数字で入力してください')]) }}",
    )
    assert "1か所を直してください" in html
    assert Tags(html).of("a")[0]["href"] == "#tel"
    assert Tags(html).of("div")[0] == {
        "class": "note note--error",
        "role": "alert",
        "tabindex": "-1",
        "data-error-summary": None,
    }
    assert part(app, "{% from 'components/note.html' import error_summary %}{{ error_summary([]) }}").strip() == ""


def test_a_field_is_described_by_its_hint_then_its_error(app: Flask) -> None:
    html = part(
        app,
        "{% from 'components/field.html' import text_field %}"
        "{{ text_field('tel', '電話番号', '0<9', hint='ハイフンなし', message='数字で入力してください', inputmode='tel') }}",
    )
    field = Tags(html).of("input")[0]
    assert field["aria-describedby"] == "tel-hint tel-error"
    assert field["aria-invalid"] == "true"
    assert field["inputmode"] == "tel"
    assert field["value"] == "0<9"
    assert "必須" in html


class Contact(wtforms.Form):
    tel = StringField("電話番号", [InputRequired("番号を入力してください。")], render_kw={"inputmode": "tel"})
    wish = TextAreaField("希望", render_kw={"rows": 3})
    place = SelectField("受け取る場所", choices=[SelectChoice("east", "東"), SelectChoice("west", "西")])


def drawn(app: Flask, form: Contact, call: str) -> Tags:
    return Tags(part(app, "{% from 'components/field.html' import form_field, form_input %}" + call, form=form))


def test_a_field_of_a_form_is_drawn_with_what_was_typed_and_what_is_wrong(app: Flask) -> None:
    form = Contact(MultiDict({"tel": "", "wish": "<b>", "place": "west"}))
    form.validate()
    tel = drawn(app, form, "{{ form_field(form.tel, 'ハイフンなし') }}").of("input")[0]
    assert (tel["id"], tel["name"], tel["inputmode"]) == ("tel", "tel", "tel")
    assert (tel["aria-describedby"], tel["aria-invalid"]) == ("tel-hint tel-error", "true")
    assert "番号を入力してください。" in part(
        app, "{% from 'components/field.html' import form_field %}{{ form_field(form.tel) }}", form=form
    )
    wish = drawn(app, form, "{{ form_field(form.wish, id='wish-2', required=false) }}").of("textarea")[0]
    assert wish == {"class": "input", "id": "wish-2", "name": "wish", "rows": "3"}
    options = drawn(app, form, "{{ form_input(form.place) }}").of("option")
    assert [option["value"] for option in options if "selected" in option] == ["west"]


def test_a_password_is_never_repeated_in_the_page(app: Flask) -> None:
    class Door(wtforms.Form):
        password = PasswordField("パスワード")

    form = Door(MultiDict({"password": "secret-words"}))
    html = part(app, "{% from 'components/field.html' import form_field %}{{ form_field(form.password) }}", form=form)
    assert "secret-words" not in html


def test_steps_show_what_is_done_and_the_current_step(app: Flask) -> None:
    html = part(app, "{% from 'components/progress.html' import steps %}{{ steps(['場所', '期間', '確認'], 1) }}")
    entries = Tags(html).of("li")
    assert [entry.get("class") for entry in entries] == ["is-done", None, None]
    assert [entry.get("aria-current") for entry in entries] == [None, "step", None]
    assert "完了：" in html


def test_nothing_to_pay_is_written_in_words(app: Flask) -> None:
    html = part(
        app,
        "{% from 'components/money.html' import money_table, total %}"
        "{{ money_table([{'title': '転入届', 'amount': 0}, {'title': '犬の登録', 'amount': 3550, 'href': '/x'}]) }}{{ total(0) }}",
    )
    assert html.count("無料") == 2
    assert "3,550円" in html
    assert "0円" not in html.replace("3,550円", "")
    assert '変更<span class="visually-hidden">(犬の登録)</span>' in html


@pytest.mark.parametrize("name", status.STATUSES)
def test_a_status_is_never_shown_by_colour_alone(app: Flask, name: str) -> None:
    html = part(
        app, "{% from 'components/status.html' import status_glyph, pill %}{{ status_glyph(s) }}{{ pill(s) }}", s=name
    )
    svg = Tags(html).of("svg")[0]
    assert svg["role"] == "img"
    assert svg["aria-label"]
    assert str(svg["aria-label"]) in html.split("</svg>")[1]


def test_what_is_written_by_people_stays_text(app: Flask) -> None:
    evil = "<script>alert(1)</script>' onload='x"
    html = part(
        app,
        "{% from 'components/case.html' import message %}{% from 'components/map.html' import map_field %}"
        "{{ message(evil, evil, evil) }}"
        "{{ map_field('area', 'polygon', 'area.geometry', {'center': [35.7, 139.4], 'zoom': 17, 'attribution': evil}) }}",
        evil=evil,
    )
    tags = Tags(html)
    assert not tags.of("script")
    frame = next(attributes for attributes in tags.of("div") if "data-map-field" in attributes)
    assert json.loads(frame["data-base"] or "")["attribution"] == evil
    assert "onload" not in {name for _, attributes in tags.elements for name in attributes}


def test_the_drawing_tools_are_a_toolbar_with_pressed_states(app: Flask) -> None:
    html = part(
        app,
        "{% from 'components/map.html' import map_field %}{{ map_field('p', 'point', 'p.geometry', {'center': [35, 139], 'zoom': 17}) }}",
    )
    tags = Tags(html)
    assert [bar["aria-label"] for bar in tags.of("div") if bar.get("role") == "toolbar"] == ["描画の道具"]
    pressed = {
        button.get("data-tool"): button.get("aria-pressed") for button in tags.of("button") if "data-tool" in button
    }
    assert pressed == {"draw": "true", "move": "false", "undo": None, "clear": None}
    assert all(button.get("type") == "button" for button in tags.of("button")), "tools must not send the form"
    assert "模式図" in html


def test_dangerous_actions_are_confirmed_in_a_dialog(app: Flask) -> None:
    html = part(
        app,
        "{% from 'components/dialog.html' import dialog %}"
        "{% call dialog('refuse', '却下しますか', '/do', '却下する', 'danger') %}<p>立-1124-04827</p>{% endcall %}",
    )
    assert {"type": "hidden", "name": "csrf_token", "value": "token"} in Tags(html).of("input")
    assert html.index("立-1124-04827") < html.index("却下する</button>")
    assert "やめる" in html
