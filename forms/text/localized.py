"""A text in several languages, as a definition writes it: `{ja: 足場, ja-easy: …, en: Scaffold}`, or a phrase that all share: `その他`."""

from contextvars import ContextVar
from typing import Annotated, Literal, Self

from pydantic import RootModel, StringConstraints, field_validator, model_validator

from forms.text.phrases import translated
from forms.text.ruby import only_readings, without_readings

Language = Literal["ja", "ja-easy", "en", "zh", "ko"]
LANGUAGES: tuple[Language, ...] = ("ja", "ja-easy", "en", "zh", "ko")

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


_untranslated: ContextVar[set[str] | None] = ContextVar("untranslated", default=None)


def noting_untranslated() -> set[str]:
    """From here on, collect in the returned set every Japanese text that this context gives to readers of another language.

    What shows a page can so mark these texts as Japanese, whatever way they took. The next call begins a new set.
    """
    texts: set[str] = set()
    _untranslated.set(texts)
    return texts


def note_untranslated(text: str, language: str) -> None:
    """Note a Japanese text given to a reader of `language`, if somebody collects them. やさしい日本語 is Japanese, too."""
    texts = _untranslated.get()
    if texts is not None and language not in ("ja", "ja-easy"):
        texts.add(text)


class Text(RootModel[dict[Language, _Words]]):
    """A text in Japanese and, where translated, in other languages.

    Written as plain Japanese it has the translations of the phrase, if it is one that procedures share.
    """

    @model_validator(mode="before")
    @classmethod
    def _phrases_are_translated(cls, text: object) -> object:
        return translated(text) if isinstance(text, str) else text

    @field_validator("root")
    @classmethod
    def _japanese_is_there(cls, texts: dict[Language, str]) -> dict[Language, str]:
        if "ja" not in texts:
            raise ValueError("日本語（ja）の文が必要です。{ja: …} と書いてください。")
        return texts

    @classmethod
    def of(cls, ja: str, **others: str) -> "Text":
        """Make a text in code: `Text.of("氏名", en="Name", ja_easy="なまえ")`."""
        return cls.model_validate({"ja": ja, **{key.replace("_", "-"): text for key, text in others.items()}})

    @classmethod
    def read_by_all(cls, text: str) -> "Text":
        """A text that is in the language of its reader already, whichever that is."""
        return cls.model_construct(dict.fromkeys(LANGUAGES, text))

    @property
    def ja(self) -> str:
        """The Japanese text, which is always present."""
        return self.root["ja"]

    def for_language(self, language: str) -> str:
        """Return the text in `language`, or in Japanese if it is not translated, which is noted (`noting_untranslated`)."""
        for key in LANGUAGES:
            if key == language and key in self.root:
                return self.root[key]
        note_untranslated(self.ja, language)
        return self.ja

    def every_form(self) -> tuple[str, ...]:
        """The text as it may be written, in every language."""
        return tuple(self.root.values())

    def has(self, language: str) -> bool:
        """Whether the text is translated into `language`."""
        return language in self.root


def words_of(text: Text | None) -> tuple[str, ...]:
    """Return the text in every language, やさしい日本語 both in kanji and in readings (枚, まい)."""
    if text is None:
        return ()
    return tuple(
        written
        for translation in text.every_form()
        for written in (without_readings(translation), only_readings(translation))
    )


class Worded(str):
    """The Japanese of a text, as expressions compare it, that still knows its translations for where it is shown."""

    text: Text

    def __new__(cls, text: Text) -> Self:
        """The text itself, by its Japanese."""
        worded = super().__new__(cls, text.ja)
        worded.text = text
        return worded
