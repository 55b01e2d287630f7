"""Demo staff, with passwords and authenticator keys that everybody may know: five people a city, each with other rights."""

import base64
import hashlib
from dataclasses import dataclass

from portal.demo.cities import demo_cities

PASSWORD = "madoguchi-demo-2026"  # noqa: S105 - meant to be known; the demo is never loaded in production


@dataclass(frozen=True)
class Person:
    """A demo member of staff: roles by department key (`*` stands for every department)."""

    local_part: str
    name: str
    duty: str
    roles: dict[str, tuple[str, ...]]


PEOPLE = (
    Person(
        "takahashi",
        "高橋 直子",
        "道路の担当(受付・審査・決定・返金)",
        {"road-management": ("clerk", "decider", "cashier", "inspector")},
    ),
    Person(
        "tanaka",
        "田中 誠",
        "すべての課の受付と決定、現地確認、会計、監査、職員の管理",
        {"*": ("clerk", "decider", "inspector", "cashier", "accountant", "auditor", "admin")},
    ),
    Person(
        "yamamoto",
        "山本 恵",
        "手続きをつくり、公開する人、会計、職員の管理",
        {"*": ("publisher", "clerk", "accountant", "admin")},
    ),
    Person("sasaki", "佐々木 恵子", "決定だけをする人(課長。交付額の2人目の確認も)", {"*": ("decider",)}),
    Person("suzuki", "鈴木 学", "会計だけをする人(入金と返金、窓口のレジ、振込)", {"*": ("cashier",)}),
)


@dataclass(frozen=True)
class SignIn:
    """How to enter as one person of one city."""

    city: str
    who: str
    email: str
    password: str
    totp_secret: str


def email_of(person: Person, city_key: str) -> str:
    """The demo address of a person."""
    return f"{person.local_part}@{city_key}.example.jp"


def totp_secret_of(person: Person, city_key: str) -> str:
    """The demo authenticator key of a person: the same on every machine."""
    digest = hashlib.sha256(f"demo {person.local_part} {city_key}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def sign_ins() -> list[SignIn]:
    """Every demo sign-in, by city."""
    return [
        SignIn(
            city.key,
            f"{person.name} {person.duty}",
            email_of(person, city.key),
            PASSWORD,
            totp_secret_of(person, city.key),
        )
        for city in demo_cities()
        for person in PEOPLE
    ]
