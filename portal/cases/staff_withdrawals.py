"""An application that the office ends as withdrawn (取下げ): on the word of the applicant or their agent, who came, rang or wrote, or of its own.

Who asked and how is kept with the event; the applicant reads it, so that a withdrawal that nobody asked for is noticed.
"""

from collections.abc import Mapping
from typing import Final

from portal.core.text import _, using_language

OFFICE: Final = "office"
"""Nobody asked: the office ends it, for a reason that the applicant reads."""
ASKED_BY: Final[Mapping[str, str]] = {
    "applicant": "申請した人の申出",
    "agent": "代理人の申出",
    OFFICE: "市の判断(申出なし)",
}
ASKED_HOW: Final[Mapping[str, str]] = {
    "counter": "窓口",
    "phone": "電話",
    "letter": "書面",
    "mail": "メール",
}
_TOLD: Final[Mapping[str, str]] = {
    "counter": "市役所の窓口で取下げの申出がありましたので、手続きを終えました。",
    "phone": "電話で取下げの申出がありましたので、手続きを終えました。",
    "letter": "書面で取下げの申出がありましたので、手続きを終えました。",
    "mail": "メールで取下げの申出がありましたので、手続きを終えました。",
}


def request_faults(asked_by: str, asked_how: str, note: str) -> dict[str, str]:
    """What is missing of who asked and how, as sentences by field."""
    if asked_by not in ASKED_BY:
        return {"asked_by": "だれの申出かを選んでください。"}
    if asked_by == OFFICE:
        return {} if note else {"note": _("申請した人に伝える理由を書いてください。")}
    return {} if asked_how in ASKED_HOW else {"asked_how": "どうやって申し出たかを選んでください。"}


def words_of_request(asked_by: str, asked_how: str, language: str) -> str:
    """What the applicant reads of who asked and how, in their language; empty where the office ends it of its own."""
    if asked_by == OFFICE:
        return ""
    with using_language(language):
        by_agent = [_("代理の方からの申出です。")] if asked_by == "agent" else []
        return "\n".join([_(_TOLD[asked_how]), *by_agent])
