"""The form of what a layer is used for on the residents' map."""

from collections.abc import Mapping

import wtforms
from wtforms.validators import Length, ValidationError

from geo.catalogue import Entry
from portal.core.forms import Form, HiddenField, SelectField, StringField, TextAreaField
from portal.core.text import _
from portal.maps import PublicUse, use_of

USES = {
    "facility": "施設(開いているか)",
    "shelter": "避難所・ハザードマップ",
    "collection": "ごみの収集日",
    "works": "工事・通行規制",
    "zoning": "用途地域の照会",
    "other": "そのほかの区域・施設",
}
LANGUAGES = {"ja": "ja", "easy": "ja-easy", "en": "en", "zh": "zh", "ko": "ko"}
"""The languages by the ends of the fields' names."""
_OTHERS = tuple(LANGUAGES.values())[1:]
MAX_COLUMNS = 100
"""Columns that the form lists; those behind them keep their own names and are shown."""
MOST_WORDS, _LONGEST = 500, 200
"""Values that have words in other languages, and the letters of each."""
_LABEL = [Length(max=60)]
_NOTICE = [Length(max=1000)]
_ROWS = {"rows": 3}


class ColumnForm(wtforms.Form):
    """One column: whether residents see it, and what it is called."""

    column = HiddenField(validators=[Length(max=200)])
    shown = wtforms.BooleanField("住民に見せる")
    ja = StringField("名前", validators=_LABEL)
    easy = StringField("やさしい日本語", validators=_LABEL)
    en = StringField("English", validators=_LABEL)
    zh = StringField("中文", validators=_LABEL)
    ko = StringField("한국어", validators=_LABEL)


class LayerUseForm(Form):
    """The use, the column of names, the columns, words for values, and what must be read before zoning is consulted."""

    need = SelectField("住民の地図での使いみち")
    name_column = SelectField("名前にする項目")
    columns = wtforms.FieldList(wtforms.FormField(ColumnForm), max_entries=MAX_COLUMNS)
    notice_ja = TextAreaField("はじめに読む注意", validators=_NOTICE, render_kw=_ROWS)
    notice_easy = TextAreaField("注意(やさしい日本語)", validators=_NOTICE, render_kw=_ROWS)
    notice_en = TextAreaField("注意(English)", validators=_NOTICE, render_kw=_ROWS)
    notice_zh = TextAreaField("注意(中文)", validators=_NOTICE, render_kw=_ROWS)
    notice_ko = TextAreaField("注意(한국어)", validators=_NOTICE, render_kw=_ROWS)
    words = TextAreaField("ほかの言語での値", validators=[Length(max=60_000)], render_kw={"rows": 8})

    def offer(self, entry: Entry) -> None:
        """Fill the lists with what the layer has."""
        self.need.choices = [("", _("住民の地図に出さない")), *((key, _(text)) for key, text in USES.items())]
        self.name_column.choices = [("", _("決まった項目(名称など)")), *((name, name) for name in entry.columns)]

    def show_use(self, entry: Entry) -> None:
        """Fill the form with what the entry says."""
        use = use_of(entry)
        self.process(
            formdata=None,
            need=use.need,
            name_column=use.name_column,
            columns=[
                {"column": name, "shown": name not in entry.hidden_columns} | _in_fields(use.labels.get(name, {}))
                for name in list(entry.columns)[:MAX_COLUMNS]
            ],
            words="\n".join(" | ".join([value, *_in_other_languages(texts)]) for value, texts in use.words.items()),
            **{f"notice_{end}": text for end, text in _in_fields(use.notice).items()},
        )
        self.offer(entry)

    @property
    def use(self) -> PublicUse:
        """What the form says."""
        labels = {row.form.column.data: _by_language(row.form, "") for row in self.columns}
        return PublicUse(
            self.need.data,
            self.name_column.data,
            {column: texts for column, texts in labels.items() if texts},
            _by_language(self, "notice_"),
            dict(map(_words_of, _lines(self.words.data))),
        )

    def validate_words(self, field: TextAreaField) -> None:
        """Each line has a value and what it is called in the four other languages."""
        lines = _lines(field.data)
        if len(lines) > MOST_WORDS:
            raise ValidationError(_("{count}行までにしてください。", count=MOST_WORDS))
        for number, line in enumerate(lines, start=1):
            parts = _parts(line)
            if not parts[0] or len(parts) != len(LANGUAGES):
                raise ValidationError(
                    _(
                        "{line}行目を「値 | やさしい日本語 | English | 中文 | 한국어」の形にしてください。空けてもよい言語にも、| は書いてください。",
                        line=number,
                    )
                )
            if any(len(part) > _LONGEST for part in parts):
                raise ValidationError(
                    _("{line}行目の言葉は、それぞれ{count}文字までにしてください。", line=number, count=_LONGEST)
                )

    def hidden(self, entry: Entry) -> list[str]:
        """The columns that residents shall not see; of those that the form does not list, the ones that they do not see now."""
        listed = {row.form.column.data: row.form.shown.data for row in self.columns}
        return [name for name in entry.columns if not listed.get(name, name not in entry.hidden_columns)]


def _lines(text: str | None) -> list[str]:
    return [line for line in (text or "").splitlines() if line.strip()]


def _parts(line: str) -> list[str]:
    """The parts of a line, as people write it or copy it from a spreadsheet."""
    return [part.strip() for part in (line.split("\t") if "\t" in line else line.split("|"))]


def _words_of(line: str) -> tuple[str, dict[str, str]]:
    value, *texts = _parts(line)
    return value, {language: text for language, text in zip(_OTHERS, texts, strict=True) if text}


def _in_other_languages(texts: Mapping[str, str]) -> list[str]:
    return [texts.get(language, "") for language in _OTHERS]


def _in_fields(texts: Mapping[str, str]) -> dict[str, str]:
    return {end: texts.get(language, "") for end, language in LANGUAGES.items()}


def _by_language(form: wtforms.Form, before: str) -> dict[str, str]:
    texts = {language: form[f"{before}{end}"].data.strip() for end, language in LANGUAGES.items()}
    return {language: text for language, text in texts.items() if text}
