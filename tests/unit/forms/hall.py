"""A booking of a hall, whose every part the tests of the difference change."""

import json
from collections.abc import Callable
from typing import Any

from tests.unit.forms.making import choice, field, text

Edit = Callable[[dict[str, Any]], object]


def hall() -> dict[str, Any]:
    """A booking with prices in its options, rows, checks, a stage, a document and an example."""
    room = choice("room", "akebono_am", "akebono_pm", "nishiki", label={"ja": "集会所", "en": "Hall"})
    labels = {"akebono_am": "曙町集会所・午前", "akebono_pm": "曙町集会所・午後", "nishiki": "錦町会館"}
    for option in room["options"]:
        option |= {"label": {"ja": labels[option["id"]]}, "values": {"price": 600, "months_ahead": 3}}
    visitors = [field("who", "text", label={"ja": "名前"}), field("age", "integer", label={"ja": "年齢"}, max=120)]
    definition: dict[str, Any] = json.loads(
        text(
            room,
            field("hours", "integer", label={"ja": "時間数"}, unit={"ja": "時間"}, min=1, max=8),
            field("visitors", "group", label={"ja": "使う人"}, fields=visitors),
            field("deposit", "money", label={"ja": "預り金"}, max=5000),
            field("day", "date", label={"ja": "使う日"}, min="today+7d"),
            fee=[
                {"id": "use", "label": {"ja": "使用料"}, "amount": "room.price * hours", "max_amount": 50000},
                {"id": "key", "label": {"ja": "鍵の貸出し"}, "amount": 300, "when": "approved"},
            ],
            workflow={
                "preset": "permit",
                "stages": [
                    {
                        "id": "look",
                        "title": {"ja": "下見"},
                        "after": "accepted",
                        "role": "inspector",
                        "form": {"fields": [field("clean", "yes_no", label={"ja": "きれいですか"})]},
                    }
                ],
            },
            routing={"life_events": ["moving"], "applies_when": "has_dog", "bring": [{"ja": "印鑑"}]},
            standard_days=10,
            examples=[
                {
                    "name": "午前に2時間",
                    "on": "2026-04-01",
                    "answers": {
                        "room": "akebono_am",
                        "hours": 2,
                        "visitors": [{"who": "佐藤", "age": 40}],
                        "deposit": 0,
                    },
                    "expect": {"fee": 1500},
                }
            ],
        )
    )
    second = {"id": "second", "title": {"ja": "連絡先"}, "fields": [field("phone", "phone", label={"ja": "電話"})]}
    definition["steps"][0]["checks"] = [{"assert": "hours <= 8", "message": {"ja": "8時間までです。"}}]
    definition["steps"].append(second)
    return definition


def fields(definition: dict[str, Any]) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = definition["steps"][0]["fields"]
    return questions


def option(definition: dict[str, Any], number: int) -> dict[str, Any]:
    chosen: dict[str, Any] = fields(definition)[0]["options"][number]
    return chosen
