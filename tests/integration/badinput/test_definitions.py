"""Invalid definitions in the publishing editor: faults are explained beside the text, and the text is still there."""

import pytest

from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

KEY = "dog-registration"
GOOD = catalogue()[KEY]
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)

ABUSES = {
    "empty": "",
    "a word": "こんにちは",
    "a list": "- 1\n- 2\n",
    "unknown keys": GOOD + "\nhacks: true\n",
    "a wrong type": GOOD.replace("standard_days:", "standard_days: [1, 2] #"),
    "no title": "procedure: x\n",
    "nested": "a:\n" + "".join("  " * n + "b:\n" for n in range(1, 41)),
    "deeply nested": "x: " + "[" * 5000,
    "nul": GOOD.replace("title:", "ti\x00tle:", 1),
    "an alias bomb": BOMB,
    "anchors": GOOD.replace("kind:", "kind: &k", 1) + "\nextra: *k\n",
    "an alias to itself": "a: &a\n  b: *a\n",
    "a python object": "title: !!python/object/apply:os.system ['true']\n",
    "a tag": "title: !evil x\n",
    "merged keys": GOOD + "\n<<: {a: 1}\n",
    "tabs": GOOD.replace("\n  ", "\n\t"),
    "the same key twice": GOOD + "\nkind: permit\nkind: report\n",
    "two documents": GOOD + "\n---\n" + GOOD,
    "a condition that is none": GOOD.replace("show_when: ", "show_when: (((((((", 1),
    "a condition without end": GOOD.replace("show_when: ", "show_when: " + "!" * 5000, 1),
    "a great number": GOOD.replace("standard_days: ", "standard_days: " + "9" * 5000),
    "sexagesimal": "standard_days: 190:20:30\n",
    "a template": GOOD.replace("犬", "{{ 7 * 7 }}<script>alert(1)</script>"),
    "emoji and lone halves": "title: 😀\ud83d",
    "a byte order mark": "\ufeff" + GOOD,
}  # fmt: skip


@pytest.mark.parametrize("source", ABUSES.values(), ids=ABUSES.keys())
def test_an_invalid_definition(officer: Browser, source: str) -> None:
    text = source.encode("utf-8", "replace").decode()
    for action in ("check", "preview"):
        answer = officer.post(f"/desk/procedures/{KEY}/{action}", {"source": text}, **{"HX-Request": "true"})
        assert answer.status_code == 200, (action, answer.text)
        assert "<script>alert(1)" not in answer.text
    saved = officer.post(f"/desk/procedures/{KEY}/draft", {"source": text})
    assert saved.status_code in {303, 409, 422}
    page = officer.get(f"/desk/procedures/{KEY}")
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text
    assert officer.get(f"/desk/procedures/{KEY}/difference").status_code in {200, 404}
    assert officer.post(f"/desk/procedures/{KEY}/discard").status_code == 303


def test_ten_megabytes_are_refused_with_a_reason(officer: Browser) -> None:
    for action in ("check", "preview", "draft"):
        answer = officer.post(f"/desk/procedures/{KEY}/{action}", {"source": "a: b\n" * 2_100_000})
        assert answer.status_code in {200, 413, 422}
        assert answer.status_code != 413 or "<html" in answer.text
    officer.post(f"/desk/procedures/{KEY}/discard")


def test_what_cannot_be_read_is_never_published(officer: Browser) -> None:
    saved = officer.post(f"/desk/procedures/{KEY}/draft", {"source": "title: ["})
    assert saved.status_code == 303
    published = officer.post(f"/desk/procedures/{KEY}/publish", {"note": "x"})
    assert published.status_code in {409, 422}
    assert "<html" in published.text
    officer.post(f"/desk/procedures/{KEY}/discard")
    assert officer.get(f"/procedures/{KEY}").status_code == 200


@pytest.mark.parametrize("key", ["../x", "X", "", "a b", "あ", "a" * 200, "new\n", KEY, "-a"])
def test_a_key_that_cannot_be_part_of_an_address(officer: Browser, key: str) -> None:
    form = {"key": key, "title": "試験", "department": "environment", "base": ""}
    answer = officer.post("/desk/procedures", form)
    assert answer.status_code == 422
    assert "<html" in answer.text


def test_a_department_or_a_pattern_that_is_not_there(officer: Browser) -> None:
    for changed in (
        {"department": "none"},
        {"base": "none"},
        {"department": "\x00"},
        {"title": "あ" * 5000},
        {"title": "\x00"},
    ):
        form = {"key": "new-one", "title": "試験", "department": "environment", "base": ""} | changed
        assert officer.post("/desk/procedures", form).status_code in {303, 422}
