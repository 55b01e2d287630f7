"""People find what they need by the words they use. The queries lie beside; how they are counted stands in docs/develop/search.md."""

from collections.abc import Callable
from pathlib import Path

import pytest

import forms
from forms.catalogue.windows import shipped_windows
from portal.demo.load import PROCEDURES
from portal.search.entries import entries, shipped_words
from portal.search.evaluation import Unreadable, evaluate, read_expectations
from portal.search.finding import questions_in
from portal.search.index import Entry, Hit, Index
from portal.search.unfound import keepable
from tests.kit.catalogue import loaded

CATALOGUE = Path(forms.__file__).parent / "catalogue"
HERE = Path(__file__).parent
Search = Callable[[str], list[Hit]]


@pytest.fixture(scope="module")
def search() -> Search:
    """The search of a city that offers everything that comes with Madoguchi, as the demo cities do."""
    paths = [*(CATALOGUE / f"{key}.yaml" for key in PROCEDURES), *sorted(CATALOGUE.glob("*/*.yaml"))]
    words = shipped_words()
    index = Index(entries(map(loaded, paths), shipped_windows()), words.synonyms, words.little)
    return lambda query: index.search(query, ignored=("立川市", "立川", "Tachikawa"))


def keys(hits: list[Hit]) -> list[str]:
    return [hit.entry.key for hit in hits]


@pytest.mark.parametrize(
    ("file", "first", "among_three"),
    [("walk_queries", 0.9, 1.0), ("own_queries", 0.88, 0.97), ("fresh_queries", 0.8, 0.9)],
)
def test_everyday_words_find_what_they_mean(search: Search, file: str, first: float, among_three: float) -> None:
    with (HERE / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        result = evaluate(read_expectations(lines), search)
    assert result.among_three / result.queries >= among_three, result.missed
    assert result.first / result.queries >= first


@pytest.mark.parametrize(
    "query", ["引っ越し", "引越し", "ひっこし", "ヒッコシ", "ﾋｯｺｼ", "引越", "引っ越しました", "hikkoshi"]
)
def test_writings_of_one_word_find_the_same(search: Search, query: str) -> None:
    assert "moving-in" in keys(search(query))[:3]


@pytest.mark.parametrize(
    "query",
    ["", "   ", "　", "zzzzzz", "あかさたなはまやらわ", "あ" * 100_000, "\ud800", "%_'\"<script>", "🐶", "・", "\x00"],
)
def test_what_means_nothing_finds_nothing(search: Search, query: str) -> None:
    assert search(query) == []


@pytest.mark.parametrize("query", ["カーペット", "ｶｰﾍﾟｯﾄ", "carpet"])
def test_a_word_within_another_is_not_meant(search: Search, query: str) -> None:
    assert "dog-registration" not in keys(search(query))
    assert keys(search(query))[0] == "bulky-waste"


def test_what_can_be_chosen_in_a_form_leads_to_it(search: Search) -> None:
    assert keys(search("衣装ケース"))[0] == "bulky-waste"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("転居", "moving-within"),
        ("駐車場", "parking"),
        ("車庫証明", "parking-space-certificate"),
        ("猫の死体", "dead-animal"),
        ("カラス", "wild-animals"),
        ("dead cat", "dead-animal"),
        ("お店を始めたい", "starting-business"),
        ("カフェを開きたい", "starting-business"),
        ("open a restaurant", "starting-business"),
        ("騒音がうるさい", "noise-consultation"),
        ("隣の部屋がうるさい", "noise-consultation"),
        ("noisy neighbours", "noise-consultation"),
        ("ゴミの日", "collection-days"),
        ("ごみの日はいつ", "collection-days"),
        ("garbage day", "collection-days"),
        ("離婚", "divorce-notification"),
        ("離婚したい", "divorce-notification"),
        ("my baby was born", "birth"),
        ("I had a baby", "birth"),
    ],
)
def test_what_residents_phone_about_leads_to_who_answers(search: Search, query: str, key: str) -> None:
    assert keys(search(query))[0] == key


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("my father died", "death-notification"),
        ("my mother passed away", "death-notification"),
        ("my husband has died", "death-notification"),
        ("親が死んだ", "death-notification"),
        ("父が亡くなりました", "death-notification"),
        ("아버지가 돌아가셨어요", "death-notification"),
        ("부모님이 사망", "death-notification"),
        ("父亲去世", "death-notification"),
        ("妈妈过世了", "death-notification"),
        ("my baby was born", "birth-notification"),
        ("baby", "birth-notification"),
        ("아기가 태어났어요", "birth-notification"),
        ("孩子出生了", "birth-notification"),
        ("古いたんす 引き取り", "bulky-waste"),
        ("古い机を引き取ってほしい", "bulky-waste"),
        ("冷蔵庫 引き取り", "home-appliance-recycling"),
        ("my dog died", "dog-death"),
        ("犬が死んだ", "dog-death"),
    ],
)
def test_what_happened_leads_to_what_is_filed_or_the_moment_of_life(search: Search, query: str, key: str) -> None:
    procedures = [hit.entry.key for hit in search(query) if hit.entry.kind == "procedure"]
    assert key in procedures[:2]
    assert key in keys(search(query))[:3]


def test_a_death_in_the_family_is_no_death_of_a_dog(search: Search) -> None:
    for query in ("my father died", "my mother passed away", "親が死んだ"):
        assert {hit.entry.key for hit in search(query)[:2]} == {"mourning", "death-notification"}


def test_the_name_of_the_city_says_nothing(search: Search) -> None:
    assert keys(search("立川市 犬の登録"))[0] == "dog-registration"


def test_a_title_comes_before_a_mention(search: Search) -> None:
    assert keys(search("出生届"))[0] == "birth-notification"


def test_words_of_the_city_hold_both_ways() -> None:
    entries = [Entry("procedure", "bulky-waste", ("粗大ごみ",)), Entry("procedure", "dog", ("犬の登録",))]
    assert Index(entries, (), ()).search("ぷろぺら券") == []
    index = Index(entries, [("粗大ごみ", "ぷろぺら券")], ())
    assert keys(index.search("ぷろぺら券")) == ["bulky-waste"]


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("住民票 料金", ["fee"]),
        ("転入届に必要なもの", ["bring"]),
        ("how much is a dog licence", ["fee"]),
        ("児童手当はいつまで", ["deadline"]),
        ("住民票", []),
    ],
)
def test_what_is_asked_about_a_procedure_is_understood(query: str, questions: list[str]) -> None:
    assert questions_in(query) == questions


@pytest.mark.parametrize(
    "query",
    [
        "090-1234-5678",
        "佐藤 美咲",
        "misaki@example.jp",
        "泉町1156番地",
        "三丁目の田中さん",
        "あ",
        "長い" * 20,
        "１２３",
        "大きな\0ごみ",  # no text of a database
    ],
)
def test_what_could_name_somebody_is_not_kept(query: str) -> None:
    assert keepable(query) == ""


def test_what_is_kept_of_a_query_is_its_words() -> None:
    assert keepable("  ドローン　飛行 ") == "ドローン 飛行"


@pytest.mark.parametrize(
    ("text", "fault"),
    [("a,b\n", "first line"), ("query,expected\n犬\n", "line 2"), ("query,expected\n犬,\n", "line 2")],
)
def test_a_file_of_queries_that_cannot_be_read_says_where(text: str, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        read_expectations(iter(text.splitlines(keepends=True)))
