"""The ways by which applications come. The event of a submission keeps them as recorded, a case as its list is filtered by."""

from collections.abc import Mapping

ONLINE = "online"
OPENED = "opened"
"""By another application, which opened this one: it came as that did."""

CHANNEL_WORDS: Mapping[str, str] = {ONLINE: "オンライン", "counter": "窓口", "phone": "電話", "post": "郵送"}
"""Those of cases, in words. All but the first were taken in by staff for somebody (代理入力)."""
