"""What a city says of itself, changed by its administrators: name, address, opening hours, look, and the sender of its mails."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Final

from sqlalchemy.orm import Session

from forms.text.phone import parse_phone
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor, Subject, record
from portal.core.tenancy import City, change_city, city_row
from portal.core.themes import NEEDED, THEMES, contrast, is_own, is_readable, nearest_readable
from portal.identity.addresses import normal_email
from portal.identity.staff_administration import management_scope
from portal.notifications import send_mail
from writing.folding import CODE
from writing.invisible import visible

MAX_NAME: Final = 40
MAX_LINE: Final = 120
_WEST, _EAST, _SOUTH, _NORTH = 122, 154, 20, 46
"""Around Japan."""
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_POSTAL = re.compile(r"(\d{3})-?(\d{4})")
_LINES: Final = {
    "name": ("市の名前", MAX_NAME),
    "name_kana": ("市の名前の読み", MAX_NAME),
    "name_en": ("市の名前(英語)", MAX_NAME),
    "address": ("市役所の住所", MAX_LINE),
}


@dataclass(frozen=True)
class CityParticulars:
    """What people read of a city. `opens` and `closes` are as 8:30, `center` longitude and latitude where maps open, `theme` a key of `core.themes`
    or the city's own colour. `mail_name` and `reply_to` are empty where mails are from the city hall as such and cannot be answered.
    """

    name: str
    name_kana: str
    name_en: str
    postal_code: str
    address: str
    phone: str
    opens: str
    closes: str
    center: tuple[float, float] | None
    theme: str
    mail_name: str = ""
    reply_to: str = ""


def particulars_of_city(city: City) -> CityParticulars:
    """Return what people read of a city now, to be changed in part."""
    values = {field.name: getattr(city, field.name) for field in fields(CityParticulars)}
    return CityParticulars(**values | {"mail_name": city.mail_name or "", "reply_to": city.reply_to or ""})


def save_city(session: Session, by: Actor, given: CityParticulars, expected_version: int | None = None) -> list[str]:
    """Change what the city of this session says of itself; the names of what has changed.

    `expected_version` is the number that a page showed; the command line, which shows nothing before, leaves it out. Raises Forbidden for who does not
    manage the whole city, Invalid by field, Conflict when somebody was faster.
    """
    require_whole_city(session, by)
    now = city_row(session)
    kept = checked_city(given)
    before, after = asdict(particulars_of_city(now)), asdict(kept)
    changed = [name for name, value in after.items() if value != before[name]]
    if expected_version not in (None, now.number):
        raise Conflict("ほかの人が先に変えました。いまの内容を見て、もう一度変えてください。")
    if not changed:
        return []
    values = {name: after[name] for name in changed}
    values |= {name: values[name] or None for name in ("mail_name", "reply_to") if name in values}
    values |= {"center": list(values["center"])} if "center" in values else {}
    if not change_city(session, now.number, values):
        raise Conflict("ほかの人が先に変えました。いまの内容を見て、もう一度変えてください。")
    record(session, Subject("city"), "city.changed", by, changed=changed)
    return changed


def checked_city(given: CityParticulars) -> CityParticulars:
    """Return the particulars as they are kept. Raises Invalid, by field, with everything that is wrong."""
    kept, wrong = _checked(given)
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    return kept


def faults_of_city(given: CityParticulars) -> dict[str, str]:
    """Return what a city could not say of itself, a sentence for each field."""
    return _checked(given)[1]


def send_trial_mail(session: Session, by: Actor, email: str) -> None:
    """Mail an address from the sender as it is kept. Raises Forbidden for who does not manage the whole city."""
    require_whole_city(session, by)
    send_mail(session, "trial_mail", to=email, language="ja", path="/desk/city")
    record(session, Subject("city"), "city.trial_mail_sent", by)


def wrong_theme(theme: str) -> str | None:
    """Why pages cannot have this theme, with the nearest colour that can be read; None when they can."""
    if theme in THEMES:
        return None
    if not is_own(theme):
        return f"見た目は、{'・'.join(THEMES)}か、#0a5c36 のような色で指定してください。「{theme}」はありません。"
    if is_readable(theme):
        return None
    return (
        f"{theme} は、文字の色にするには明るすぎます(コントラスト比 {contrast(theme):.1f}、{NEEDED} 以上が必要です)。"
        f"いちばん近い、読める色は {nearest_readable(theme)} です。"
    )


def require_whole_city(session: Session, by: Actor) -> None:
    """Raise Forbidden for who does not manage the whole city."""
    if not management_scope(session, by).everywhere:
        raise Forbidden("市の内容を変えられるのは、すべての課の管理者です。")


def _checked(given: CityParticulars) -> tuple[CityParticulars, dict[str, str]]:
    """The particulars as they are kept, and by field everything that is wrong with them."""
    lines = {name: _line(value) for name, value in asdict(given).items() if isinstance(value, str)}
    wrong = {name: f"{label}を入力してください。" for name, (label, _most) in _LINES.items() if not lines[name]}
    wrong |= {
        name: f"{label}は、{most}文字までです。" for name, (label, most) in _LINES.items() if len(lines[name]) > most
    }
    if len(lines["mail_name"]) > MAX_NAME:
        wrong["mail_name"] = f"差出人の名前は、{MAX_NAME}文字までです。"
    postal = _POSTAL.fullmatch(CODE(lines["postal_code"]))
    if postal is None:
        wrong["postal_code"] = "郵便番号を、7けたの数字で入力してください。例 190-8666"
    if parse_phone(lines["phone"]) is None:
        wrong["phone"] = "電話番号を、市外局番から入力してください。例 042-523-2111"
    opens, closes = _clock(lines["opens"]), _clock(lines["closes"])
    for name, moment in (("opens", opens), ("closes", closes)):
        if moment is None:
            wrong[name] = "時刻を、8:30 のように入力してください。"
    if opens and closes and opens >= closes:
        wrong["closes"] = "閉まる時刻は、開く時刻よりあとにしてください。"
    if given.center is None:
        wrong["center"] = "経度と緯度を、コンマで区切って入力してください。例 139.4137, 35.6985"
    elif not (_WEST <= given.center[0] <= _EAST and _SOUTH <= given.center[1] <= _NORTH):
        wrong["center"] = "日本の外の場所です。経度、緯度の順に書いてください。例 139.4137, 35.6985"
    if fault := wrong_theme(lines["theme"].lower()):
        wrong["theme"] = fault
    if lines["reply_to"]:
        try:
            lines["reply_to"] = normal_email(lines["reply_to"])
        except Invalid as refused:
            wrong["reply_to"] = refused.message
    lines |= {"postal_code": "-".join(postal.groups()) if postal else "", "theme": lines["theme"].lower()}
    lines |= {"opens": _spelled(opens), "closes": _spelled(closes)}
    return CityParticulars(center=given.center, **lines), wrong


def _clock(text: str) -> tuple[int, int] | None:
    match = _CLOCK.fullmatch(CODE(text).replace("：", ":"))
    hour, minute = (int(match[1]), int(match[2])) if match else (24, 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _spelled(moment: tuple[int, int] | None) -> str:
    return f"{moment[0]}:{moment[1]:02}" if moment else ""


def _line(text: str) -> str:
    return " ".join(visible(text).split())
