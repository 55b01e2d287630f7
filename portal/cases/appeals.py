"""How one objects to a decision that refuses or burdens (教示), as the page of a case and its documents teach it: to whom, when, whom one sues."""

from dataclasses import dataclass

from forms import Definition
from forms.workflow.building import workflow_of
from portal.cases.models import Case
from portal.cases.standard_words import conditions_of
from portal.core.tenancy import City
from portal.core.text import _, current_language


@dataclass(frozen=True)
class Teaching:
    """What an applicant is taught with a decision: `remedies` in sentences."""

    remedies: tuple[str, ...]


def teaching_of(case: Case, definition: Definition, city: City) -> Teaching | None:
    """What is to be taught with the decision of a case; None for one that refuses nothing, not even a part, and sets no
    conditions, which burden whom it permits, or where the law of the procedure knows no remedy.

    The objection is made in writing (行政不服審査法 19条), to the authority or through the office that decided (21条).
    Within three months of the day after one knows of the decision, and a year of the decision (行政不服審査法 18条); a suit within six
    months and a year, of the decision on the objection where there was one (行政事件訴訟法 14条).
    """
    refused = workflow_of(definition).states[case.state].kind == "refused"
    appeal = definition.appeal
    if appeal is None or not (refused or conditions_of(case) or case.granted):
        return None
    name, language = city.in_words, current_language()
    authority = appeal.authority.for_language(language) if appeal.authority is not None else _("{city}長", city=name)
    defendant = appeal.defendant.for_language(language) if appeal.defendant is not None else name
    review = _(
        "この決定に不服があるときは、決定があったことを知った日の翌日から3か月以内に、{authority}に審査請求をすることができます。"
        "決定の日の翌日から1年を過ぎると、正当な理由がないかぎり、できません。",
        authority=authority,
    )
    if appeal.review_first:
        suit = _(
            "決定の取消しを求める訴えは、審査請求の裁決を受けてから、裁決があったことを知った日の翌日から6か月以内に、{defendant}を被告として起こすことができます。"
            "審査請求から3か月を過ぎても裁決がないときなどは、裁決を待たずに起こせます。",
            defendant=defendant,
        )
    else:
        suit = _(
            "決定の取消しを求める訴えは、決定があったことを知った日の翌日から6か月以内に、{defendant}を被告として起こすことができます。"
            "審査請求をしたときは、裁決があったことを知った日の翌日から6か月以内です。",
            defendant=defendant,
        )
    limit = _("決定や裁決の日の翌日から1年を過ぎると、正当な理由がないかぎり、訴えを起こせません。")
    how = _(
        "審査請求は、名前、住所、決定の内容、決定を知った日、不服の内容と理由などを書いた書面(審査請求書)を、{authority}に出してします。"
        "この決定をした課に出すこともできます。",
        authority=authority,
    )
    where = _(
        "出すところ：〒{postal} {address} {city}役所",
        postal=city.postal_code,
        address=city.address,
        city=name,
    )
    return Teaching((review, how, where, suit, limit))
