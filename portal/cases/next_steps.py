"""What an applicant does next, in pages and letters alike."""

from collections.abc import Sequence

from forms import Definition, State
from forms.evaluation.chosen_days import ChosenDay
from forms.workflow.preset import presets
from portal.core.text import _, using_language


def next_step_of(definition: Definition, state: State, coming: Sequence[ChosenDay], language: str) -> str:
    """What is to be done next in that state; empty where nothing is said of it.

    The words of a preset say that there is nothing to do, which is wrong of a case with a day to come (`coming`) on which there is: then
    the day is named instead. A definition that has words of its own for the state knows its days.
    """
    day = next((day for day in coming if day.to_do), None)
    if day is None or state.kind not in ("open", "done") or not _is_usual(definition, state):
        return state.next_step_in(language)
    with using_language(language):
        return _("{when}に、していただくことがあります。", when=day.when)


def _is_usual(definition: Definition, state: State) -> bool:
    preset = definition.workflow.preset
    usual = presets()[preset].states if preset is not None else ()
    return any(known.id == state.id and known.next_step == state.next_step for known in usual)
