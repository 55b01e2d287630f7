"""Every sentence that a resident meets while signing in is there in all three languages."""

import re
from pathlib import Path

import pytest

import portal
from portal.core.text import catalogue

ROOT = Path(portal.__file__).parent
PAGES = ("sign_in", "code", "code_field", "link", "resume", "security")
_SENTENCE = re.compile(r"_\('([^']+)'")
_STAFF_ONLY = {"コードは30秒ごとに変わります。"}


def sentences() -> set[str]:
    pages = "".join((ROOT / "templates" / "identity" / f"{page}.html").read_text(encoding="utf-8") for page in PAGES)
    return set(_SENTENCE.findall(pages)) - _STAFF_ONLY


@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_residents_read_their_language(language: str) -> None:
    translations = catalogue(language)
    missing = {
        sentence
        for sentence in sentences()
        if sentence not in translations and not (language == "ja-easy" and _is_kana(sentence))
    }
    assert missing == set()


@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_placeholders_stay(language: str) -> None:
    for source, translation in catalogue(language).items():
        for sentence in [translation] if isinstance(translation, str) else translation.values():
            assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", sentence)), source


def _is_kana(sentence: str) -> bool:
    return not re.search(r"[\u4e00-\u9fff]", sentence)
