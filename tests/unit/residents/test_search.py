"""People find a procedure by the words they use."""

from collections.abc import Callable
from pathlib import Path

import pytest

import forms
from forms.catalogue.windows import shipped_windows, windows_named
from portal.procedures.queries import Offer
from portal.residents.search import fold, search
from tests.kit.catalogue import loaded

CATALOGUE = Path(forms.__file__).parent / "catalogue"


@pytest.fixture(scope="module")
def matching_keys() -> Callable[[str], list[str]]:
    """The keys of the demo procedures that a query finds, best first."""
    paths = [
        path for path in sorted(CATALOGUE.glob("*.yaml")) if path.stem not in {"items", "facts", "windows", "workflows"}
    ]
    offers = [Offer(n, path.stem, 1, {}, n, 1, loaded(path)) for n, path in enumerate(paths)]
    return lambda query: [offer.key for offer in search(offers, query, place=("立川市", "立川"))]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("犬の登録", "dog-registration"),
        ("いぬ", "dog-registration"),
        ("ﾍﾟｯﾄ", "dog-registration"),
        ("DOG", "dog-registration"),
        ("养狗", "dog-registration"),
        ("강아지", "dog-registration"),
        ("扔沙发", "bulky-waste"),
        ("주민표", "resident-certificate"),
        ("引っ越し", "moving-in"),
        ("引越し", "moving-in"),
        ("そだいごみ", "bulky-waste"),
        ("粗大　ごみ", "bulky-waste"),
        ("足場", "road-occupancy"),
        ("罹災", "disaster-certificate"),
        ("り災証明", "disaster-certificate"),
        ("じゅうみんひょう", "resident-certificate"),
        ("足場を組みたい", "road-occupancy"),
        ("八王子から引っ越してきた", "moving-in"),
        ("台風で屋根がこわれた", "disaster-certificate"),
        ("the old bed", "bulky-waste"),
        ("I moved to 立川", "moving-in"),
        ("粗大ごみ 料金", "bulky-waste"),
        ("住民票の写し 申請", "resident-certificate"),
        ("布団", "bulky-waste"),
        ("sodai gomi", "bulky-waste"),
        ("how do I throw away a sofa", "bulky-waste"),
        ("街路灯", "road-damage"),
        ("道がへこんでいる", "road-damage"),
        ("ひっこした", "moving-in"),
        ("change of address", "moving-in"),
        ("moved from abroad", "moving-in"),
        ("子供が生まれました", "child-allowance"),
        ("child benefit", "child-allowance"),
        ("typhoon", "disaster-certificate"),
        ("雨漏り", "disaster-certificate"),
        ("子犬", "dog-registration"),
    ],
)
def test_everyday_words_find_the_procedure(matching_keys: Callable[[str], list[str]], query: str, key: str) -> None:
    assert key in matching_keys(query)


def test_a_title_comes_before_a_mention(matching_keys: Callable[[str], list[str]]) -> None:
    assert matching_keys("犬")[0] == "dog-registration"


def test_every_word_of_the_query_must_be_there(matching_keys: Callable[[str], list[str]]) -> None:
    assert matching_keys("犬 足場") == []


@pytest.mark.parametrize("query", ["", "   ", "　"])
def test_an_empty_query_lists_everything(matching_keys: Callable[[str], list[str]], query: str) -> None:
    assert len(matching_keys(query)) == 8


@pytest.mark.parametrize("query", ["あ" * 100_000, "\ud800", "%_'\"<script>", "🐶", "・", "\x00"])
def test_odd_queries_find_nothing_and_break_nothing(matching_keys: Callable[[str], list[str]], query: str) -> None:
    assert matching_keys(query) == []


def test_folding_makes_width_case_and_kana_the_same() -> None:
    assert fold("ﾏｲﾅﾝﾊﾞｰ") == fold("マイナンバー") == fold("まいなんばー")
    assert fold("ＡＢＣ") == fold("abc")


@pytest.mark.parametrize(
    ("query", "event"),
    [
        ("親が亡くなった", "mourning"),
        ("夫が他界した", "mourning"),
        ("お悔やみ", "mourning"),
        ("結婚した", "marriage"),
        ("got married", "marriage"),
        ("赤ちゃん", "birth"),
        ("妊娠", "birth"),
    ],
)
def test_what_happened_leads_to_its_moment_of_life(query: str, event: str) -> None:
    assert [window.key for window in windows_named(shipped_windows(), query)] == [event]
