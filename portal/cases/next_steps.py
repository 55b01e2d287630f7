"""What an applicant does next, in pages and letters alike."""

from collections.abc import Sequence

from forms import Definition, State
from forms.evaluation.chosen_days import ChosenDay
from forms.evaluation.visits import Visit
from forms.workflow.preset import presets
from portal.core.clock import today
from portal.core.text import _, date_ja, sentences, using_language


def next_step_of(
    definition: Definition, state: State, coming: Sequence[ChosenDay], language: str, visit: Visit | None
) -> str:
    """What is to be done next in that state; empty where nothing is said of it.

    The words of a preset say that there is nothing to do, which is wrong of a case with a day to come (`coming`) on which there is: then
    the day is named instead. A definition that has words of its own for the state knows its days. Who finishes at the counter (`visit`)
    has to come, whether or not the office has looked at what was sent: the law's last day does not wait for it.
    """
    if visit is not None and (state.kind == "open" or state.id == "accepted"):
        with using_language(language):
            return _coming_to_the_counter(definition, state, visit, language)
    if definition.assurance == "verified" and state.kind == "open":
        with using_language(language):
            return sentences(
                (
                    own_words_of(definition, state, language),
                    _(
                        "この手続きでは、市の職員が本人確認をしてから、次に進みます(窓口で書類を見る、住民票の住所に送るなど)。"
                    ),
                    _("していただくことがあるときは、市役所からお知らせします。"),
                )
            )
    day = next((day for day in coming if day.to_do), None)
    if day is None or state.kind not in ("open", "done") or not _is_usual(definition, state):
        return state.next_step_in(language)
    with using_language(language):
        return _("{when}に、していただくことがあります。", when=day.when)


def own_words_of(definition: Definition, state: State, language: str) -> str:
    """What a definition itself says is to be done in a state; empty where it leaves the words to its preset."""
    return "" if _is_usual(definition, state) else state.next_step_in(language)


def _coming_to_the_counter(definition: Definition, state: State, visit: Visit, language: str) -> str:
    checked = state.kind != "open"
    before = own_words_of(definition, state, language) or ("" if checked else _("市の職員が中身を見ます。"))
    return sentences((before, _when_to_come(visit, checked=checked)))


def _when_to_come(visit: Visit, *, checked: bool) -> str:
    if visit.until is not None and visit.until < today():
        return _("期限を過ぎています。できるだけ早く、市役所の窓口に来てください。")
    if visit.when:
        return _("{when}に、市役所の窓口に来てください。", when=visit.when)
    if visit.until is not None:
        return _("{day}までに、市役所の窓口に来てください。", day=date_ja(visit.until))
    return _("市役所の窓口に来てください。") if checked else _("準備ができたら、市役所の窓口に来てください。")


def _is_usual(definition: Definition, state: State) -> bool:
    preset = definition.workflow.preset
    usual = presets()[preset].states if preset is not None else ()
    return any(known.id == state.id and known.next_step == state.next_step for known in usual)
