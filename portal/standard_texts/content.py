"""What a standard text says, and what of it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from forms.text.safety import holds_my_number
from portal.core.errors import Invalid
from portal.standard_texts.variables import VARIABLES, names_in, unknown

KINDS: Final[Mapping[str, str]] = {
    "message": "メッセージ",
    "correction": "補正のお願い",
    "refusal": "認めない理由",
    "condition": "条件",
}
"""For what a text is written, and how pages call that."""
MAX_TITLE: Final = 60
MAX_TEXT: Final = 2000


@dataclass(frozen=True)
class StandardContent:
    """The words of a text by language, under the title by which staff find it; without `procedure_key` it is for all of a department's."""

    kind: str
    procedure_key: str | None
    title: str
    text: Mapping[str, str]

    def check(self) -> None:
        """Raise Invalid, by field, for what cannot be kept. A text is named `text_` and its language."""
        faults: dict[str, str] = {}
        if self.kind not in KINDS:
            faults["kind"] = "種類を選んでください。"
        if not self.title:
            faults["title"] = "見出しを入力してください。"
        elif len(self.title) > MAX_TITLE:
            faults["title"] = f"見出しは{MAX_TITLE}字までにしてください。"
        if not self.text.get("ja"):
            faults["text_ja"] = "日本語の文を入力してください。"
        for language, text in self.text.items():
            fault = self._fault_of(text)
            if fault:
                faults[f"text_{language.replace('-', '_')}"] = fault
        if faults:
            raise Invalid("文例を直してください。", faults)

    def _fault_of(self, text: str) -> str | None:
        if len(text) > MAX_TEXT:
            return f"文は{MAX_TEXT:,}字までにしてください。"
        if holds_my_number(text):
            return "マイナンバー(個人番号)は書かないでください。番号を消してください。"
        wrong = next((name for name in names_in(text) if name not in VARIABLES), None)
        if wrong is not None:
            return unknown(wrong)
        if "deadline" in names_in(text) and self.kind != "correction":
            return "差し込み「deadline」は、補正のお願いの文だけで使えます。日を言葉で書いてください。"
        if self.kind == "condition" and "\n" in text:
            return "条件は、1つを1行で書いてください。いくつもあるときは、文例を分けてください。"
        return None
