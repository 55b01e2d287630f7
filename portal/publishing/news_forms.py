"""The fixed screens of the news."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from wtforms.validators import Length

from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, SelectField, StringField, TextAreaField
from portal.news import SUBJECTS, Content, NewsArticle

_LANGUAGES: Final = {"ja": "ja", "ja_easy": "ja-easy", "en": "en", "zh": "zh", "ko": "ko"}
"""Of each language, how fields are named, and how texts are."""
_NAMES: Final = {"ja": "日本語", "ja_easy": "やさしい日本語", "en": "English", "zh": "中文", "ko": "한국어"}
_ROWS = {"rows": "8"}


class ArticleForm(Form):
    """One article."""

    seen = HiddenField(validators=[Length(max=10)])
    act = HiddenField(validators=[Length(max=10)])
    department_id = SelectField("担当の課", choices=[])
    subject = SelectField("分野", choices=[])
    shown_from = StringField("公開を始める日", render_kw={"type": "date"})
    shown_until = StringField("公開を終える日", render_kw={"type": "date"})
    title_ja = StringField("題名(日本語)")
    body_ja = TextAreaField("本文(日本語)", render_kw=_ROWS)
    title_ja_easy = StringField("題名(やさしい日本語)")
    body_ja_easy = TextAreaField("本文(やさしい日本語)", render_kw=_ROWS)
    title_en = StringField("題名(English)")
    body_en = TextAreaField("本文(English)", render_kw=_ROWS)
    title_zh = StringField("題名(中文)")
    body_zh = TextAreaField("本文(中文)", render_kw=_ROWS)
    title_ko = StringField("題名(한국어)")
    body_ko = TextAreaField("本文(한국어)", render_kw=_ROWS)

    def offer(self, departments: Mapping[str, str]) -> None:
        """Take what may be chosen: departments by id."""
        self.department_id.choices = list(departments.items())
        self.subject.choices = [("", "選んでください"), *((subject, subject) for subject in SUBJECTS)]

    @property
    def translations(self) -> list[tuple[str, Any, Any]]:
        """Of each language but Japanese: its name, and the fields of title and body."""
        return [
            (_NAMES[suffix], self[f"title_{suffix}"], self[f"body_{suffix}"]) for suffix in _LANGUAGES if suffix != "ja"
        ]

    def content(self, *, draft: bool) -> Content:
        """What was written, as a draft or to be shown. Raises Invalid, by field."""
        begin = None if draft else _day(self.shown_from, "公開を始める日")
        if not draft and begin is None:
            raise Invalid("公開する日を決めてください。", {"shown_from": "公開を始める日を入力してください。"})
        return Content(
            self.subject.data,
            self._texts("title"),
            self._texts("body"),
            begin,
            _day(self.shown_until, "公開を終える日"),
        )

    def _texts(self, name: str) -> dict[str, str]:
        texts = {language: self[f"{name}_{suffix}"].data.strip() for suffix, language in _LANGUAGES.items()}
        return {language: text.replace("\r\n", "\n") for language, text in texts.items() if text}


def data_of(article: NewsArticle) -> dict[str, str]:
    """What the form begins with for an article that there is."""
    return {
        "seen": str(article.number),
        "department_id": str(article.department_id),
        "subject": article.subject,
        "shown_from": article.shown_from.isoformat() if article.shown_from else "",
        "shown_until": article.shown_until.isoformat() if article.shown_until else "",
        **{f"title_{suffix}": article.title.get(language, "") for suffix, language in _LANGUAGES.items()},
        **{f"body_{suffix}": article.body.get(language, "") for suffix, language in _LANGUAGES.items()},
    }


def _day(field: StringField, name: str) -> date | None:
    if not field.data.strip():
        return None
    try:
        return date.fromisoformat(field.data.strip())
    except ValueError:
        raise Invalid(
            "日を直してください。", {field.name: f"{name}は、2026-12-01 のような形で入力してください。"}
        ) from None
