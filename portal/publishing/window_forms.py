"""The fixed screens of the windows of the first page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from forms.catalogue.vocabulary import Fact
from forms.catalogue.windows import PICTURES, Window
from forms.definition.procedure import Kind
from forms.text.localized import Language
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, RadioField, StringField, TextAreaField
from portal.core.text import _

_LANGUAGES: Final[dict[str, Language]] = {"ja": "ja", "ja_easy": "ja-easy", "en": "en", "zh": "zh", "ko": "ko"}
"""Of each language, how fields are named, and how texts are."""
_MAX_TITLE, _MAX_EXAMPLES, _MAX_WORDS = 40, 100, 2000


class StateForm(Form):
    """The state of the windows that the page showed, and what is to be done with one of them."""

    seen = HiddenField(validators=[Length(max=10)])
    key = HiddenField(validators=[Length(max=40)])
    by = HiddenField(validators=[Length(max=3)])
    number = HiddenField(validators=[Length(max=10)])


class WindowForm(Form):
    """One window."""

    seen = HiddenField(validators=[Length(max=10)])
    new = HiddenField(validators=[Length(max=1)])
    key = StringField(
        "キー",
        validators=[
            DataRequired("キーを入力してください。"),
            Regexp(
                r"[a-z][a-z0-9-]{0,39}\Z",
                message="半角の小文字・数字・ハイフンで、英字から始めてください(例：moving)。",
            ),
        ],
    )
    title_ja = StringField(
        "題名(日本語)", validators=[DataRequired("題名を入力してください。"), Length(max=_MAX_TITLE)]
    )
    title_ja_easy = StringField("題名(やさしい日本語)", validators=[Length(max=_MAX_TITLE)])
    title_en = StringField("題名(English)", validators=[Length(max=_MAX_TITLE)])
    title_zh = StringField("題名(中文)", validators=[Length(max=_MAX_TITLE)])
    title_ko = StringField("題名(한국어)", validators=[Length(max=_MAX_TITLE)])
    examples_ja = StringField(
        "例(日本語)", validators=[DataRequired("例を入力してください。"), Length(max=_MAX_EXAMPLES)]
    )
    examples_ja_easy = StringField("例(やさしい日本語)", validators=[Length(max=_MAX_EXAMPLES)])
    examples_en = StringField("例(English)", validators=[Length(max=_MAX_EXAMPLES)])
    examples_zh = StringField("例(中文)", validators=[Length(max=_MAX_EXAMPLES)])
    examples_ko = StringField("例(한국어)", validators=[Length(max=_MAX_EXAMPLES)])
    picture = RadioField("絵", validators=[DataRequired("絵を選んでください。")])
    life_events = CheckboxListField("ならべる手続き：場面")
    kinds = CheckboxListField("ならべる手続き：種類")
    known_yes = CheckboxListField("はい")
    known_no = CheckboxListField("いいえ")
    words = TextAreaField(
        "さがすときの言葉",
        validators=[Length(max=_MAX_WORDS, message="2,000字までにしてください。")],
        render_kw={"rows": "4"},
    )

    def offer(self, life_events: Mapping[str, str], facts: Mapping[str, Fact]) -> None:
        """Take what may be chosen: life events with words beside them, and facts of yes or no that people are asked for."""
        self.picture.choices = [(picture, _PICTURES[picture]) for picture in PICTURES]
        self.life_events.choices = list(life_events.items())
        self.kinds.choices = [(kind, _KINDS[kind]) for kind in get_args(Kind)]
        questions = [
            (name, fact.label.ja if fact.label else name)
            for name, fact in facts.items()
            if fact.type == "bool" and fact.question is not None
        ]
        self.known_yes.choices = self.known_no.choices = questions

    @property
    def texts(self) -> Sequence[tuple[Any, Any]]:
        """The fields of title and examples, by language."""
        return [(self[f"title_{suffix}"], self[f"examples_{suffix}"]) for suffix in _LANGUAGES]

    @property
    def known(self) -> Sequence[tuple[Any, Any]]:
        """The options for yes and for no, by fact."""
        return list(zip(self.known_yes.iter_choices(), self.known_no.iter_choices(), strict=True))

    def window(self) -> Window:
        """The window that was written. Raises Invalid, by field."""
        yes, no = _chosen(self.known_yes), _chosen(self.known_no)
        if not set(yes).isdisjoint(no):
            sentence = _("「はい」と「いいえ」の両方に印があります。どちらかにしてください。")
            raise Invalid(_("わかっていることを直してください。"), {"known_yes": sentence})
        life_events, kinds = _chosen(self.life_events), _chosen(self.kinds)
        if not life_events and not kinds:
            sentence = _("場面か種類を、1つ以上選んでください。選ばないと、窓口に手続きがならびません。")
            raise Invalid(_("ならべる手続きを選んでください。"), {"life_events": sentence})
        try:
            return Window.model_validate(
                {
                    "key": self.key.data,
                    "title": self._text("title"),
                    "examples": self._text("examples"),
                    "picture": self.picture.data,
                    "life_events": life_events,
                    "kinds": kinds,
                    "facts": dict.fromkeys(yes, True) | dict.fromkeys(no, False),
                    "words": [
                        word for line in self.words.data.splitlines() for word in line.split("、") if word.strip()
                    ],
                }
            )
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            sentence = (
                _("言葉は1つ60字まで、100個までにしてください。") if field == "words" else _("選び直してください。")
            )
            raise Invalid(_("書いた内容を直してください。"), {field: sentence}) from None

    def _text(self, name: str) -> dict[str, str]:
        texts = {language: self[f"{name}_{suffix}"].data.strip() for suffix, language in _LANGUAGES.items()}
        return {language: text for language, text in texts.items() if text}


def data_of(window: Window) -> dict[str, Any]:
    """What the form begins with for a window that there is."""
    return {
        "key": window.key,
        **{
            f"{name}_{suffix}": text.root.get(language, "")
            for name, text in (("title", window.title), ("examples", window.examples))
            for suffix, language in _LANGUAGES.items()
        },
        "picture": window.picture,
        "life_events": window.life_events,
        "kinds": window.kinds,
        "known_yes": [name for name, value in window.facts.items() if value],
        "known_no": [name for name, value in window.facts.items() if not value],
        "words": "、".join(window.words),
    }


def _chosen(field: CheckboxListField) -> list[str]:
    """What is checked of what was offered."""
    return [str(value) for value, _label, selected, _attributes in field.iter_choices() if selected]


_PICTURES = {
    "moving": "引っ越しのトラックと家",
    "child": "大人と子ども",
    "mourning": "白い花",
    "marriage": "指輪",
    "disaster": "水につかった家",
    "home": "ごみ箱と鉢",
    "road": "道路",
    "certificate": "書類",
}
_KINDS = {
    "notification": "届出",
    "permit": "許可の申請",
    "certificate": "証明書の請求",
    "report": "通報・連絡",
    "booking": "予約",
    "survey": "アンケート",
    "visit": "市役所に来てする手続き",
    "elsewhere": "ほかの機関の手続き",
}
