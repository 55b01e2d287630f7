"""The fixed screens of standard texts."""

from collections.abc import Mapping
from typing import Final

from wtforms import Field
from wtforms.validators import Length

from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, SelectField, StringField, TextAreaField
from portal.desk.forms import whole_number
from portal.standard_texts import KINDS, MAX_TITLE, StandardContent, StandardText

_LANGUAGES: Final = {"ja": "ja", "ja_easy": "ja-easy", "en": "en", "zh": "zh", "ko": "ko"}
"""Of each language, how fields are named, and how texts are."""
_NAMES: Final = {"ja_easy": "やさしい日本語", "en": "English", "zh": "中文", "ko": "한국어"}
_ROWS = {"rows": "5"}


class StandardTextForm(Form):
    """One text; `seen` is its number as the page showed it, `act` is save or preview."""

    seen = HiddenField(validators=[Length(max=10)])
    act = HiddenField(validators=[Length(max=10)])
    department_id = SelectField("課", choices=[])
    kind = SelectField("種類", choices=[])
    procedure = SelectField("使う手続き", choices=[])
    title = StringField("見出し", filters=[lambda text: text and text.strip()], render_kw={"maxlength": MAX_TITLE})
    text_ja = TextAreaField("文(日本語)", render_kw=_ROWS)
    text_ja_easy = TextAreaField("文(やさしい日本語)", render_kw=_ROWS)
    text_en = TextAreaField("文(English)", render_kw=_ROWS)
    text_zh = TextAreaField("文(中文)", render_kw=_ROWS)
    text_ko = TextAreaField("文(한국어)", render_kw=_ROWS)

    def offer(self, departments: Mapping[int, str], procedures: Mapping[str, str]) -> None:
        """Take what may be chosen: departments by id, and procedures by key."""
        self.department_id.choices = [(str(key), title) for key, title in departments.items()]
        self.kind.choices = list(KINDS.items())
        self.procedure.choices = [("", "課のすべての手続き"), *procedures.items()]

    @property
    def translations(self) -> list[tuple[str, Field]]:
        """Of each language but Japanese: its name, and its field."""
        return [(name, self[f"text_{suffix}"]) for suffix, name in _NAMES.items()]

    @property
    def seen_number(self) -> int:
        """The number that the page showed; 0 for text that is none."""
        return whole_number(self.seen.data, digits=9) or 0

    def content(self) -> StandardContent:
        """What was written. Raises Invalid, by field, for what cannot be kept."""
        texts = {
            language: self[f"text_{suffix}"].data.replace("\r\n", "\n").strip()
            for suffix, language in _LANGUAGES.items()
        }
        content = StandardContent(
            self.kind.data,
            self.procedure.data or None,
            self.title.data,
            {language: text for language, text in texts.items() if text},
        )
        content.check()
        return content

    def department(self, procedures: Mapping[str, int]) -> int:
        """The department that was chosen; `procedures` has that of each procedure. Raises Invalid where the two do not fit."""
        chosen = whole_number(self.department_id.data, digits=18) or 0
        if self.procedure.data and procedures.get(self.procedure.data) != chosen:
            sentence = "その手続きは、選んだ課のものではありません。課か手続きを選びなおしてください。"
            raise Invalid(sentence, {"procedure": sentence})
        return chosen


def data_of(row: StandardText) -> dict[str, str]:
    """What the form begins with for a text that there is."""
    return {
        "seen": str(row.number),
        "department_id": str(row.department_id),
        "kind": row.kind,
        "procedure": row.procedure_key or "",
        "title": row.title,
        **{f"text_{suffix}": row.text.get(language, "") for suffix, language in _LANGUAGES.items()},
    }
