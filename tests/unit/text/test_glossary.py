"""The texts keep to the glossary (`docs/develop/glossary.md`): one word for one meaning, and none that was given up."""

import re
from collections.abc import Iterator

import pytest

from forms.text.messages import sentences
from forms.text.plurals import forms_of
from portal.core.text import catalogue

TERMS = {
    "受付番号": {"en": "receipt number", "zh": "受理编号", "ko": "접수번호", "ja-easy": "受付番号(うけつけばんごう)"},
    "確認番号は": {"en": "check code", "zh": "确认号码", "ko": "확인번호", "ja-easy": "確認番号(かくにんばんごう)"},
    "マイページ": {"en": "my page", "ja-easy": "マイページ"},
    "「わたしの手続き」": {"en": "“my applications”", "ja-easy": "「わたしの 手続(てつづ)き」"},
    "督促状": {"en": "demand", "ja-easy": "督促状(とくそくじょう)"},
    "領収書": {"en": "receipt", "ja-easy": "領収書(りょうしゅうしょ)"},
}
"""Where the Japanese has the first, a translation has the second."""
GIVEN_UP = {
    "en": re.compile(
        r"by itself|by themselves|(gives?|given|giving) back|event of life|called off|\(s\)|\bgo on later|worked out again|waited for"
        r"|\bone a line|\bFollow an application|sample (amount|price)",
        re.I,
    ),
    "ja-easy": re.compile(r"だめ|紙\(かみ\)(?!に「)|申請\(|申\(もう\)しこ|お金\(かね\)を すく|いいですよ|\}つ"),
    "ja": re.compile(r"答えなし|\}つ|見本の(金額|単価|量)"),
    "zh": re.compile(
        r"(?<!公司)职员|居民卡|合并申请|画面|检索|发送申请|申请已经?发送|来厅|罹灾|养老金"
        r"|市役所|手续[^，。]{0,6}已送达|妊娠|印鉴登记|Myna Portal"
    ),
    "ko": re.compile(
        r"보육원|고[쳐치친칠]|(?<!이)메일(?!함)|개청|함께 신청|십시오|생활 장면|교부"
        r"|절차(를|을) (하고|해 주|제출)|절차[^.]{0,12}도착"
    ),
}


def written(language: str) -> Iterator[tuple[str, str]]:
    """Each text with its Japanese."""
    of_questions = [(texts["ja"], texts[language]) for texts in sentences().values() if language in texts]
    of_pages = [] if language == "ja" else catalogue(language).items()
    for source, translation in [*of_pages, *of_questions]:
        for form in forms_of(translation):
            yield str(source), form


@pytest.mark.parametrize("language", ["en", "ja-easy", "zh", "ko"])
def test_a_term_has_one_translation(language: str) -> None:
    terms = {term: words[language] for term, words in TERMS.items() if language in words}
    others = [
        (source, text)
        for source, text in written(language)
        for term, word in terms.items()
        if term in source and word not in text.lower()
    ]
    assert others == []


@pytest.mark.parametrize("language", list(GIVEN_UP))
def test_words_that_were_given_up_do_not_come_back(language: str) -> None:
    assert [(source, text) for source, text in written(language) if GIVEN_UP[language].search(text)] == []


OF_APPLICATIONS = re.compile(
    r"まとめて(の|送った)?申請|別に申請|申請(した|する)人|オンラインでは申請|申請できる金額|減免を申請|申請の(結果|場所|すべて)|申請が終わりました|申請は受け付けられ"
    r"|申請日|申請 \{before\}|申請(のしかた|のとき|に入れました|を送りました)|自分の申請|\{applicant\}さんの申請|確認して、申請する|\A申請\Z"
)
"""Where it is the word: what is applied for together, who asks for a consent or for money, the place beside a proposal, names of events."""


def test_sentences_for_every_kind_of_procedure_speak_of_no_application() -> None:
    """The law tells 申請 from 届出 (行政手続法 2条): a sentence that is read beside both says 手続き, or takes the word of the procedure."""
    assert [sentence for sentence in catalogue("zh") if "申請" in OF_APPLICATIONS.sub("", sentence)] == []
