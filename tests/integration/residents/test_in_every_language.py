"""Residents' pages are wholly in the language of their reader: what is Japanese there says so (`lang="ja"`), and やさしい日本語 has a
reading over every kanji.

One walk goes from the first page over a dog and a road to the pages of what was sent. What people typed is theirs and stays as it is.
"""

import re
from collections.abc import Iterator

import pytest
from lxml import html
from sqlalchemy.orm import Session

from forms import load
from geo.near import features_in_order
from geo.place_names import place_names
from portal.core.database import city_session
from portal.core.text import html_language
from portal.demo.cities import DEPARTMENTS
from portal.maps import public_layers
from portal.procedures import offers
from tests.integration.residents.conftest import CITY
from tests.kit.answers import DOG
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.letters import letters

JAPANESE = {
    "en": re.compile(r"[\u3040-\u30fa\u3400-\u9fff]+"),
    "zh": re.compile(r"[\u3040-\u30fa]+"),  # kanji are Chinese, too
    "ko": re.compile(r"[\u3040-\u30fa\u3400-\u9fff]+"),
    "ja-easy": re.compile(r"[\u3400-\u9fff]+"),  # without a reading
}
RAW = re.compile(r"[\u3400-\u9fff]\([ぁ-ゖー]+\)")
_SILENT = re.compile(r"<rp>.*?</rp>|<(script|textarea|style)\b.*?</\1>", re.DOTALL)
TYPED = {*str(DOG), *"日野市本町番地佐藤美咲"}
"""Letters of what this resident types, of the city's own address and of its letter in numbers (日-1124-00001)."""
_HANJA = re.compile(r"\([^()가-힣]*\)")
"""The kanji of a Korean word, in brackets behind it as on the papers that it is about."""
OFFICES = {*"".join(by_city[CITY][0] for by_city in DEPARTMENTS.values())}
"""Letters of the names of offices, which this city has in Japanese only; nothing marks them in やさしい日本語, which is Japanese, and in letters."""
SPOKEN = ("aria-label", "title", "alt", "placeholder")
FIXED = (
    "/", "/procedures", "/procedures/dog-registration", "/procedures/road-occupancy", "/procedures?q=zzz", "/procedures?q=dog",
    "/life/moving", "/life/birth", "/life/mourning", "/map", "/help", "/accessibility", "/privacy", "/status", "/sign-in", "/nothing-here",
    *(f"/map?need={need}&place=神明一丁目" for need in ("facility", "shelter", "collection", "works", "zoning", "other")),
)  # fmt: skip
"""Pages that anybody may open."""
OWN = ("/me", "/me/security", "/me/profile", "/me/handovers", "/me/basket")
"""Pages of one's own."""


def texts(page: str, language: str) -> Iterator[str]:
    """What a page says, apart from what is marked as of another language, boxes with what was typed, and kanji under their reading.

    Titles, options and labels for screen readers take no markup: やさしい日本語 has no readings there.
    """
    tree = html.fromstring(page)
    is_easy = language == "ja-easy"
    silent = {"script", "style", "textarea", "template", *(("title", "option", "rt", "rp", "ruby") if is_easy else ())}
    own = html_language(language)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        around = [element, *element.iterancestors()]
        if silent & {each.tag for each in around}:
            continue
        marked = next(each for each in around if each.get("lang"))
        if marked.get("lang") == own and not (is_easy and marked.tag != "html"):
            yield element.text or ""
            yield from (str(child.tail or "") for child in element)
            if not is_easy:
                yield from (element.get(name, "") for name in SPOKEN)


def untranslated() -> set[str]:
    """Letters of procedures and layers that their department published in Japanese only, as other tests do, and of names of places; nothing
    marks them in やさしい日本語.
    """
    with city_session(CITY) as session:
        titles = [offer.definition.title.root for offer in offers(session)]
        layers = [layer for layer in public_layers(session) if "ja-easy" not in layer.entry.title]
        places = [place.place.name for place in place_names(session)]
        values = [*_values(session, [layer.entry.id for layer in layers]), *(layer.title for layer in layers)]
    return {*"".join([*(title["ja"] for title in titles if "ja-easy" not in title), *values, *places, "付近"])}


def _values(session: Session, layer_ids: list[int]) -> list[str]:
    return [str(feature.properties) for feature in features_in_order(session, layer_ids, most=100)]


def remainders(page: str, language: str, others: set[str]) -> list[str]:
    """The texts of a page that do not belong into this language. `others`: letters that may stand as they are."""
    own = TYPED | OFFICES | others if language == "ja-easy" else TYPED
    japanese = (
        text
        for text in texts(page, language)
        if any(
            set(word) - own for word in JAPANESE[language].findall(_HANJA.sub("", text) if language == "ko" else text)
        )
    )
    return sorted({" ".join(text.split()) for text in japanese})


@pytest.mark.parametrize("language", ["en", "ja-easy", "zh", "ko"])
def test_every_page_is_in_the_language_of_its_reader(browser: Browser, language: str) -> None:
    email = f"every-{language}@example.jp"
    left: dict[str, list[str]] = {}
    others = untranslated()

    def look(name: str, page: str) -> None:
        left[name] = remainders(page, language, others)
        if RAW.search(html.fromstring(_SILENT.sub("", page)).text_content()):
            left[name].append("a reading in brackets")

    browser.get(f"/?lang={language}")
    for path in FIXED:
        look(path, browser.get(path).text)
    browser.post("/map/notice", {"need": "zoning", "place": "神明一丁目"})
    for need in ("facility", "shelter", "zoning"):
        listed = browser.get(f"/map?need={need}&place=神明一丁目").text
        look(f"{need}, listed", listed)
        for feature in re.findall(r'href="(/map/features/(?:public-facilities|refuges)/\d+)', listed)[:2]:
            look(f"a {need}", browser.get(feature).text)
    for procedure in ("road-occupancy", "dog-registration"):
        address = browser.start(procedure)
        for step in load(catalogue()[procedure]).steps:
            page = f"{address.rpartition('/')[0]}/{step.id}"
            look(f"{procedure}/{step.id}", browser.get(page).text)
            look(f"{procedure}/{step.id}, left empty", browser.post(page).text)
        look(f"{procedure}/review, unfinished", browser.get(f"{address.rpartition('/')[0]}/review").text)
    browser.sign_in(email)
    review = browser.fill(address, load(catalogue()["dog-registration"]), DOG)
    look("review", browser.get(review).text)
    pay = browser.agree(review).location
    assert pay.startswith("/pay/")
    look("pay", browser.get(pay).text)
    for path in OWN:
        look(path, browser.get(path).text)
    [case] = set(re.findall(r'href="(/me/cases/[^"/?#]+)"', browser.get("/me").text))
    for path in (case, f"{case}/withdraw"):
        look(path.replace(case, "case"), browser.get(path).text)
    for letter in letters(browser.city):
        if letter.to == email and language != "ja-easy":
            unmarked = JAPANESE[language].findall(f"{letter.subject}\n{letter.body}")
            left[letter.subject] = [word for word in unmarked if set(word) - TYPED - OFFICES]
    assert {name: texts for name, texts in left.items() if texts} == {}
