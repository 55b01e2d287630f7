"""What is said of a file that cannot be read, and of rows that were fixed or refused: what is wrong, and what to do."""

from typing import Final

from geo.reading import FileError, ReadResult

REFUSED: Final = {
    "empty": "場所がない(座標も住所も空、または座標が数字でない)",
    "address": "住所がこの市の町名・番地に見つからない",
    "too_many": "頂点が20万を超える",
    "not_finite": "座標が数でない",
    "kind": "層の形(面・線・点)とちがう",
    "outside": "日本の外にある",
    "no_key": "見分ける項目が空",
    "duplicate_key": "見分ける項目の値が、前の行と同じ",
    "text": "1万文字を超える文字がある",
}
"""Why a row was left out, by the codes of `geo.reading.Row`."""

FIXES: Final = {
    "flattened": "高さ(Z・M)を取り除いた",
    "swapped": "緯度と経度の順を入れかえた",
    "repaired": "交わっている輪郭を直した",
    "reduced": "層の形とちがう部分を除いた",
    "position": "座標が数字でないので、住所から場所を決めた",
    "address_rough": "番地までは分からず、町・丁目などの近い場所に置いた",
    "address_corrected": "町の名前の書きまちがいを直して、住所から場所を決めた",
    "value": "選んだ種類として読めない値を空にした",
}
"""What was done to a row, by the same codes."""

_FILES: Final = {
    "empty": "ファイルの中身がありません。もう一度選んでください。",
    "kind": "この種類のファイルは取り込めません。GeoJSON、GeoPackage、Shapefile(ZIP)、KML・KMZ、GPX、FlatGeobuf、CSVのどれかにしてください。",
    "companions": "Shapefileには、.shpのほかに.shxと.dbfが要ります。全部を1つのZIPにしてください。",
    "broken": "ファイルがこわれていて、読み取れません({detail})。作り直すか、別の形式で書き出してください。",
    "archive_path": "ZIPの中に、フォルダーの外を指す名前があるので、開きません。ファイルを選び直して、ZIPを作り直してください。",
    "archive_size": "ZIPの中身が大きすぎます。2GBまで、500ファイルまでにしてください。",
    "archive_content": "ZIPには、データを1つだけ入れてください(いま入っているもの：{names})。",
    "layers": "ファイルに層がいくつもあります。取り込む層を1つ選んでください：{names}。",
    "layer": "その名前の層は、ファイルにありません。あるのは {names} です。",
    "columns": "項目が多すぎます。{most}までにしてください。",
    "encoding": "文字コードが分かりません。UTF-8かCP932(Shift_JIS)で保存し直してください。",
    "position": "座標の列も住所の列もありません。「緯度」と「経度」、「X座標」と「Y座標」、または「住所」の列を入れてください(いまの列：{names})。",
    "not_finite": "座標が数になっていない図形だけなので、場所が分かりません。もとのデータから書き出し直してください。",
    "features": "ファイルに地物がありません。",
    "shape": "1つで200MBを超える図形があるので、読み取れません。もとのソフトで、図形を分けるか頂点を減らしてください。",
    "key": "見分ける項目「{named}」が、ファイルにありません。あるのは {names} です。",
    "nothing": "取り込める行がありません。{causes}。座標系と、層の形(面・線・点)を確かめてください。",
    "exhausted": "読み取りに、メモリか時間がかかりすぎました。地域などでファイルを分けて、取り込んでください。",
    "infected": "ウイルスが見つかったので、取り込みません。ファイルをくれた人に知らせてください。",
    "failed": "ウイルス検査ができないファイルです。パスワードを外すなどして、作り直してください。",
    "datum_missing": "座標系(測地系)が書かれていません。{suggestion}座標系の番号(EPSG)を選んでください。",
    "datum_unknown": "座標系「{named}」が分かりません。座標系の番号(EPSG)を選んでください。",
    "datum_contradicts": "座標系は「{named}」と書かれていますが、座標の値と合いません。{suggestion}座標系の番号(EPSG)を選んでください。",
}


def refusal(error: FileError) -> str:
    """The sentence about a file that cannot be read."""
    values = dict(error.values)
    if isinstance(names := values.get("names"), list):
        values["names"] = "、".join(map(str, names)) or "なし"
    if "suggestion" in values:
        code = values["suggestion"]
        values["suggestion"] = f"値からは EPSG:{code} のようです。" if code else ""
    return _FILES[error.code].format_map(values)


def causes(result: ReadResult) -> str:
    """Why rows were refused, with how many, the most frequent first: 場所がない 3行、日本の外にある 1行."""
    by_count = sorted(result.refused.items(), key=lambda each: -each[1])
    return "、".join(f"{REFUSED[code]} {count}行" for code, count in by_count)
