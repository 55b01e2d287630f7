"""Questions as HTML: named, described, marked, and without a script or style of their own."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from forms.catalogue.vocabulary import procedure_files
from forms.evaluation.evaluate import evaluate, read_context
from forms.fields import FIELD_TYPES, FieldError, FormReader, ReadContext
from forms.fields.rendering import TEMPLATES, FieldPage
from tests.kit.catalogue import loaded
from tests.unit.fields.making import FILES, OPTIONS, make

ENVIRONMENT = Environment(
    loader=PrefixLoader({"fields": FileSystemLoader(TEMPLATES)}), autoescape=True, undefined=StrictUndefined
)
TYPES = sorted(FIELD_TYPES)


class Elements(HTMLParser):
    """Every element of a fragment with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def page(language: str = "ja", **settings: object) -> FieldPage:
    return FieldPage(language, environment=ENVIRONMENT, files=FILES, **settings)


def html_of(
    kind: str, inputs: dict[str, str | list[str]] | None = None, *errors: FieldError, **settings: object
) -> str:
    return str(page().render(make(kind, **settings), "q", inputs or {}, errors))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_input_has_a_label_and_every_reference_a_target(kind: str, language: str) -> None:
    field = make(kind, label={"ja": "質問", "en": "Question"}, help={"ja": "助け"})
    html = str(page(language).render(field, "q", {}, [FieldError("required")]))
    elements = Elements(html)
    ids = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = {attributes.get("for") for attributes in elements.all("label")}
    for attributes in elements.all("input", "select", "textarea"):
        wrapped = attributes.get("type") in ("radio", "checkbox", "file")
        assert wrapped or attributes.get("type") == "hidden" or attributes["id"] in labels
        assert attributes["name"]
    for _, attributes in elements.tags:
        for target in (attributes.get("aria-describedby") or "").split():
            assert target in ids


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_inline_and_nothing_unescaped(kind: str) -> None:
    hostile = '"><script>alert(1)</script>'
    inputs: dict[str, str | list[str]] = dict.fromkeys(
        ("", "family", "city", "start", "name", "coordinates", "geometry", "label", "lat", "0.kind", "0.count"), hostile
    )
    html = html_of(kind, inputs, label={"ja": hostile}, help={"ja": hostile})
    assert "<script" not in html
    assert not re.search(r"\s(style|on\w+)=", html)


@pytest.mark.parametrize("kind", [kind for kind in TYPES if FIELD_TYPES[kind].is_question])
def test_required_and_optional_are_shown_in_words(kind: str) -> None:
    assert "必須" in html_of(kind)
    assert "なくてもかまいません" in html_of(kind, required=False)


def test_hint_then_error_then_input() -> None:
    html = html_of("phone", {"": "090-12E4"}, FieldError("phone"), help={"ja": "日中の番号です。"})
    assert html.index("日中の番号です。") < html.index("市外局番から") < html.index('value="090-12E4"')
    assert 'aria-describedby="q-hint q-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="tel"' in html


def test_what_was_typed_is_shown_again() -> None:
    assert 'value="２月３０日"' in html_of("date", {"": "２月３０日"}, FieldError("date_format"))
    assert re.search(r'value="large" checked', html_of("choice", {"": "large"}))
    assert re.search(r'value="no" checked', html_of("yes_no", {"": "no"}))
    assert re.search(r'value="small" checked', html_of("choices", {"": ["small"]}))
    assert re.search(r'<option value="東京都" selected>東京都', html_of("address", {"prefecture": "東京都"}))


def test_an_error_of_a_part_is_shown_at_that_part() -> None:
    html = html_of("address", {}, FieldError("postal_code", "postal_code"))
    assert 'id="q.postal_code-error"' in html
    assert 'aria-describedby="q.postal_code-error"' in html


def test_stored_files_can_be_kept_or_left() -> None:
    html = html_of("file", {"files": ["f1", "unknown"]})
    assert 'name="q.files"' in html
    assert "f1.jpg" in html
    assert "unknown" not in html
    assert 'name="q.upload"' in html


def test_a_place_has_a_map_and_a_way_without_it() -> None:
    question = make("polygon")
    html = str(
        page(draw_map=lambda field, path, target: f'<div data-map-field="{path}">{target}</div>').render(
            question, "q", {}, []
        )
    )
    assert '<div data-map-field="q">q.geometry</div>' in html
    assert "座標で入力する" in html
    assert Elements(html).all("details")[0].get("open", "closed") == "closed"
    typed = html_of("polygon", {"source": "text", "coordinates": "35.7, 139.4"})
    assert "open" in Elements(typed).all("details")[0]


def test_groups_show_their_rows_and_one_more_when_asked() -> None:
    inputs: dict[str, str | list[str]] = {"0.kind": "small", "4.kind": "large"}
    group = make("group", label={"ja": "品目"}, row={"ja": "品目"})
    html = str(page().render(group, "q", inputs, [FieldError("integer", "4.count")]))
    assert ('name="q.0.kind"' in html, 'name="q.4.kind"' in html, 'name="q.5.kind"' in html) == (True, True, False)
    assert 'id="q.4.count-error"' in html
    assert 'name="q.__n__.kind"' in html  # the template that the script copies
    assert 'name="q.5.kind"' in str(page(more_rows=frozenset({"q"})).render(group, "q", inputs, []))


def test_an_empty_group_begins_with_a_row() -> None:
    assert 'name="q.0.kind"' in html_of("group", min=0, required=False)


def test_a_conditional_question_of_a_row_shows_where_its_condition_holds_and_what_was_typed_is_carried_along() -> None:
    kind = {"id": "kind", "type": "choice", "options": OPTIONS}
    group = make("group", fields=[kind, {"id": "count", "type": "integer", "show_when": "kind == 'other'"}])
    typed: dict[str, str | list[str]] = {"0.kind": "small", "0.count": "7", "1.kind": "other", "1.count": '8"'}
    html = str(page(shown=frozenset({"q.1.count"})).render(group, "q", typed, []))
    inputs = {
        attributes["name"]: attributes
        for attributes in Elements(html).all("input")
        if attributes.get("type") != "radio"
    }
    assert inputs["q.0.count"] == {"type": "hidden", "name": "q.0.count", "value": "7"}
    assert inputs["q.1.count"]["id"] == "q.1.count"
    assert inputs["q.1.count"]["value"] == '8"'
    assert "q.__n__.count" not in inputs


def test_typing_a_name_fills_its_reading() -> None:
    html = str(page(readings={"q": "kana"}).render(make("person_name"), "q", {}, []))
    assert 'data-kana="kana.family"' in html


def test_easy_japanese_has_readings_over_its_kanji() -> None:
    field = make("text", label={"ja": "道", "ja-easy": "道(みち)"})
    assert "<ruby>道<rp>(</rp><rt>みち</rt>" in str(page("ja-easy").render(field, "q", {}, []))


def submitted(html: str) -> dict[str, list[str]]:
    """What a browser without scripts would post for a fragment."""
    form: dict[str, list[str]] = {}
    html = re.sub(r"<template.*?</template>", "", html, flags=re.S)
    for attributes in Elements(html).all("input"):
        ticked = attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes
        if ticked and attributes.get("type") != "file":
            form.setdefault(str(attributes["name"]), []).append(attributes.get("value") or "")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, flags=re.S):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected[^>]*>([^<]*)', options)
        form[name] = [(chosen[1] or chosen[2]) if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, flags=re.S):
        form[name] = [text]
    return form


@pytest.mark.parametrize("file", procedure_files(), ids=lambda file: file.stem)
def test_an_answered_question_posts_its_answer_unchanged(file: Path) -> None:
    definition = loaded(file)
    for example in definition.examples:
        stored = [file for value in example.answers.values() if isinstance(value, list) for file in value]
        files = {file["id"]: file for file in stored if isinstance(file, dict) and "media_type" in file}
        context = read_context(definition, ReadContext(example.on, files=files), example.answers, example.facts, None)
        outcome = evaluate(definition, example.answers, example.facts, today=example.on)
        for field in definition.fields.values():
            value = example.answers.get(field.id)
            if value in (None, []) or field.id in example.expect.errors:
                continue
            page = FieldPage(
                environment=ENVIRONMENT, files=files, offers=outcome.offers if getattr(field, "offer", None) else None
            )
            html = page.render(field, field.id, field.inputs(value), [])
            reading = field.read(FormReader(submitted(str(html)), field.id), context)
            assert (reading.value, reading.errors) == (value, ()), field.id


def test_an_address_abroad_can_be_typed_without_a_script() -> None:
    html = html_of("address", {"country": "DE", "lines": "Friedrichstr. 1"}, abroad=True)
    assert re.search(r"<details[^>]*data-address-abroad open>", html)
    assert '<option value="DE" selected>ドイツ' in html
    assert "Friedrichstr. 1</textarea>" in html
    folded = html_of("address", {}, abroad=True)
    assert re.search(r"<details[^>]*data-address-abroad>", folded)
    assert "data-address-abroad" not in html_of("address", {})
    wrong = html_of("address", {"country": "DE"}, FieldError("lines_missing", "lines"), abroad=True)
    assert 'id="q.lines-error"' in wrong
    assert 'aria-describedby="q.lines-error"' in wrong


@pytest.mark.parametrize(("language", "shown"), [("ja", "例：柴犬"), ("en", "For example 柴犬"), ("ko", "예: 柴犬")])
def test_an_example_stands_with_the_help_and_is_read_with_the_input(language: str, shown: str) -> None:
    field = make("text", example={"ja": "柴犬"}, help={"ja": "犬の種類です。"})
    html = str(page(language).render(field, "q", {}, []))
    assert shown in html
    described = Elements(html).all("input")[0]["aria-describedby"]
    assert f'id="{described}"' in html


@pytest.mark.parametrize(
    "kind", [kind for kind in TYPES if kind in {"text", "choice", "statement", "consent", "photo"}]
)
def test_details_are_closed_and_need_no_script(kind: str) -> None:
    details = {"summary": {"ja": "番号がわからないとき"}, "text": {"ja": "市民課(しみんか)に\n聞いてください。"}}
    html = str(page().render(make(kind, details=details), "q", {}, []))
    assert "<summary>番号がわからないとき</summary>" in html
    assert "<ruby>市民課<rp>(</rp><rt>しみんか</rt><rp>)</rp></ruby>に<br>聞いてください。" in html
    assert Elements(html).all("details") == [{"class": "disclosure disclosure--help"}]


@pytest.mark.parametrize("file", procedure_files(), ids=lambda file: file.stem)
def test_every_question_can_be_shown_before_it_is_answered(file: Path) -> None:
    for field in loaded(file).fields.values():
        assert field.id in str(FieldPage(environment=ENVIRONMENT).render(field, field.id, {}, []))
