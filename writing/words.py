"""What a text says, word by word, so that texts in different writings and forms can be compared: SudachiPy for Japanese, Snowball for English.

引越しました and 引っ越す, ゴミ and ごみ, produced and producing are one word each. Particles and endings are no words.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import jaconv
import regex
import snowballstemmer
from sudachipy import Dictionary, MorphemeList, SplitMode

from writing.folding import SEARCH, width
from writing.invisible import visible

_RUNS = regex.compile(r"(?P<latin>[\p{Latin}\p{Mn}']+)|(?P<hangul>\p{Hangul}+)|(?P<kanji>[\p{Han}々]+)")
_KANA_ALONE = regex.compile(r"[\p{Hiragana}\p{Katakana}ーｰ・\s]+")
_LATIN_WORD = regex.compile(r"[\p{Latin}\p{Mn}']+")
_KATAKANA = regex.compile(r"[\p{Katakana}ーｰ]{3,}")
_HAN = regex.compile(r"[\p{Han}々]+")
_JAPANESE = regex.compile(r"[\p{Hiragana}\p{Katakana}\p{Han}]")
_LETTER = regex.compile(r"[\p{L}々]")
_NOT_JAPANESE = regex.compile(r"[\p{Latin}\p{Hangul}\d]+")
_LONG = str.maketrans("", "", "ーウ")
_ROMAJI = regex.compile(r"[a-z' -]+")

_NO_WORDS = frozenset({"助詞", "助動詞", "補助記号", "空白", "記号", "感動詞", "接続詞", "連体詞", "代名詞", "接頭辞"})
_WEIGHT_OF_CLASS = {"名詞": 1.0, "動詞": 0.6, "形容詞": 0.6, "形状詞": 0.6, "副詞": 0.4, "接尾辞": 0.4}
_DEPENDENT = "非自立可能"
"""Verbs and adjectives that mostly stand behind others (して いる, 出して ください), and say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word in its usual form, folded as for searching. `reading`: its sounds, empty where it has none of Japanese.

    `weight` says how much a word of its class tells about what is meant, 1 for a noun.
    """

    text: str
    reading: str = ""
    weight: float = 1.0


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in whatever language, in its order."""
    text = width(visible(text))
    return (*_japanese(text), *_others(text))


@lru_cache(maxsize=20_000)
def reading_of(text: str) -> str:
    """How a Japanese text sounds, as `writing.folding.SEARCH` folds sounds, without spaces; empty for a text of another language."""
    text = width(visible(text))
    if _KANA_ALONE.fullmatch(text):
        return _sound(text)
    if not _JAPANESE.search(text):
        return ""
    return _sound(
        "".join(token.reading_form() if token.part_of_speech()[0] != "空白" else "" for token in _tokens(text))
    )


@lru_cache(maxsize=20_000)
def loanwords_of(text: str) -> tuple[str, ...]:
    """The words of a text in katakana or Latin letters, folded as for searching: the letters of カーペット and carpet name no ペット and pet."""
    text = width(visible(text))
    latin = tuple(_sound(run[0]) for run in _LATIN_WORD.finditer(text))
    if not _KATAKANA.search(text):
        return latin
    tokens = _tokens(text, SplitMode.C)
    return latin + tuple(_sound(token.surface()) for token in tokens if _KATAKANA.fullmatch(token.surface()))


def short_sounds(reading: str) -> str:
    """A reading without what people leave out when they write it in Latin letters: juminhyo is juuminhyou."""
    return reading.translate(_LONG)


def reading_of_latin(text: str) -> str:
    """How a Japanese word in Latin letters sounds; empty when it cannot be one."""
    text = text.casefold().strip()
    if not _ROMAJI.fullmatch(text):
        return ""
    kana = str(jaconv.alphabet2kana(text.replace("-", "")))
    return _sound(kana) if _KANA_ALONE.fullmatch(kana) and "っっ" not in kana else ""


def names_a_person(text: str) -> bool:
    """Whether a Japanese text holds what the dictionary knows as a name of people."""
    text = width(visible(text))
    return bool(_JAPANESE.search(text)) and any(token.part_of_speech()[2] == "人名" for token in _tokens(text))


def load() -> None:
    """Read the dictionary now: a third of a second, which processes that part afterwards need not spend again."""
    words_of("窓口")


def _japanese(text: str) -> Iterator[Word]:
    if not _JAPANESE.search(text):
        return
    for token in _tokens(text):
        kind, sub = token.part_of_speech()[:2]
        surface = token.surface()
        if kind in _NO_WORDS or (sub == _DEPENDENT and kind != "名詞") or not _LETTER.search(surface):
            continue
        if _NOT_JAPANESE.fullmatch(surface):
            continue
        usual = _usual(token.normalized_form())
        if len(usual) == 1 and _KANA_ALONE.fullmatch(usual):
            continue
        yield Word(usual, _sound(token.reading_form()), _WEIGHT_OF_CLASS.get(kind, 0.5))


def _others(text: str) -> Iterator[Word]:
    for run in _RUNS.finditer(text):
        folded = _sound(run[0])
        if run.lastgroup == "latin":
            yield Word(_stem(folded))
        elif run.lastgroup == "hangul":
            yield from (Word(pair, weight=0.7) for pair in _pairs(folded))
        elif run.lastgroup == "kanji" and len(folded) > 1:
            yield from (Word(pair, weight=0.4) for pair in _pairs(folded))


@lru_cache(maxsize=50_000)
def _usual(form: str) -> str:
    """A word folded; its kanji alone where it has two or more: 引っ越し and 引っ越す are both 引越."""
    folded = SEARCH(form).replace(" ", "")
    kanji = "".join(_HAN.findall(folded))
    return kanji if len(kanji) >= 2 else folded


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text]


@lru_cache(maxsize=50_000)
def _sound(kana: str) -> str:
    return SEARCH(kana).replace(" ", "")


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def _stemmer() -> snowballstemmer.stemmer:
    if not hasattr(_of_thread, "stemmer"):
        _of_thread.stemmer = snowballstemmer.stemmer("english")
    return _of_thread.stemmer


def _tokens(text: str, mode: SplitMode = SplitMode.A) -> MorphemeList:
    if not hasattr(_of_thread, "tokenizer"):
        _of_thread.tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
    return _of_thread.tokenizer.tokenize(text, mode)


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="small")


_of_thread = threading.local()
"""A tokenizer and a stemmer of each thread: neither can be used by two at once."""
