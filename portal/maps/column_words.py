"""What the columns of a layer are called in the reader's language, and which of them name a feature.

Names of the municipal open data standard and of its earlier edition (自治体標準オープンデータセット, 推奨データセット) are Japanese; a department gives
its own columns their labels (`portal.maps.public_use`).
"""

from collections.abc import Container, Mapping
from typing import Final

from geo.catalogue import Entry
from portal.core.text import _, pick
from portal.maps.hazards import HAZARDS, PREFIX
from portal.maps.public_use import use_of

NAMES: Final = ("名称", "名前", "施設名", "name", "title")
READINGS: Final = ("名称_カナ", "kana")
ADDRESSES: Final = ("所在地_連結表記", "住所", "所在地", "address")


def first_of(names: Container[str], usual: tuple[str, ...]) -> str:
    """The first of the usual names that a layer has; "" without any."""
    return next((name for name in usual if name in names), "")


def hazard_words() -> dict[str, str]:
    """The disasters of `portal.maps.hazards` in the reader's language."""
    return {
        "flood": _("洪水"),
        "landslide": _("崖崩れ・土石流・地滑り"),
        "storm-surge": _("高潮"),
        "earthquake": _("地震"),
        "tsunami": _("津波"),
        "fire": _("大規模な火事"),
        "inland-flood": _("内水氾濫"),
        "volcano": _("火山現象"),
    }


def column_label(labels: Mapping[str, Mapping[str, str]], column: str) -> str | None:
    """What a column is called: by the department's labels, else by the standard; None for any other."""
    if texts := labels.get(column):
        return pick(texts)
    if column.startswith(PREFIX):
        words = {name: hazard_words()[key] for key, name in HAZARDS.items()}
        if word := words.get(column.removeprefix(PREFIX)):
            return _("災害の種類：{hazard}", hazard=word)
    return _words().get(column)


def column_labels(entry: Entry) -> dict[str, str]:
    """What each column of a layer is called, in the order of the columns; one that has no label by its own name."""
    labels = use_of(entry).labels
    return {column: column_label(labels, column) or column for column in entry.columns}


def _words() -> dict[str, str]:
    address, phone, remarks, days = _("住所"), _("電話番号"), _("備考"), _("開いている日と時間について")
    return {
        "名称": _("名前"),
        "名称_カナ": _("読みかた"),
        "名称_英字": _("英語の名前"),
        "名称_通称": _("ふだんの呼び名"),
        "所在地_連結表記": address,
        "住所": address,
        "所在地": address,
        "建物名等(方書)": _("建物の名前"),
        "方書": _("建物の名前"),
        "電話番号": phone,
        "内線番号": _("内線番号"),
        "連絡先メールアドレス": _("メールアドレス"),
        "郵便番号": _("郵便番号"),
        "団体名": _("運営している団体"),
        "種別": _("種類"),
        "利用可能曜日": _("開いている曜日"),
        "開始時間": _("開く時間"),
        "終了時間": _("閉まる時間"),
        "利用可能日時特記事項": days,
        "利用可能時間特記事項": days,
        "利用可能曜日特記事項": days,
        "説明": _("説明"),
        "バリアフリー情報": _("バリアフリー"),
        "標高": _("標高(m)"),
        "想定収容人数": _("入れる人数"),
        "指定避難所との重複": _("避難所としても使う"),
        "対象となる町会・自治会": _("対象の町会・自治会"),
        "収容定員": _("定員"),
        "受入年齢": _("受け入れる年齢"),
        "設置位置": _("置いてある場所"),
        "小児対応設備の有無": _("子ども用の設備"),
        "アクセス方法": _("行きかた"),
        "駐車場情報": _("駐車場"),
        "URL": _("ホームページ"),
        "備考": remarks,
    }
