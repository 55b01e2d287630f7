"""Where an answer came from with which an application began, in words for the one who reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.core.tenancy import city
from portal.core.text import _, date_ja, pick


def source_of_carried(source: Mapping[str, Any]) -> str:
    """The source, and how the answer is changed."""
    match source.get("from"):
        case "sign_in":
            return _("サインインしたメールアドレスを入れました。変えるときは、書き直してください。")
        case "profile":
            day = date_ja(date.fromisoformat(source["on"]))
            return _("前回の手続きから({day})。変わったときは、書き直してください。", day=day)
        case "plan":
            return _("計画の質問への答えから入れました。違うときは、書き直してください。")
        case "map":
            return _("地図で選んだ場所を入れました。違うときは、選び直してください。")
        case "city":
            return _(
                "{city}の「{title}」から({day})。変わったときは、書き直してください。",
                city=city(source["city"]).in_words,
                title=pick(source["title"]),
                day=date_ja(date.fromisoformat(source["on"])),
            )
    return _("前の手続きから入れました。変わったときは、書き直してください。")
