"""Names in a definition that must be different, and names that must lead somewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator

from forms.catalogue.vocabulary import Vocabulary
from forms.checks.consents import consent_diagnostics
from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.document import TEMPLATES
from forms.definition.procedure import Definition, group_fields
from forms.definition.routing import Deadline
from forms.definition.source import Path
from forms.evaluation.capacity import wish_questions
from forms.evaluation.earlier import EARLIER, OF_EVERY_CASE
from forms.evaluation.naming import fact_listing
from forms.evaluation.program import all_fields
from forms.evaluation.scope import CITY, RESERVED
from forms.fields import FieldType
from forms.fields.choice import ChoiceField
from forms.fields.file import Files
from forms.fields.group import GroupField, RowsFrom
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.fields.ranking import RankingField
from forms.fields.rendering import PAGE_IDS
from forms.workflow.building import workflow_of
from forms.workflow.preset import presets

NOT_ON_PAPER = frozenset({"file", "photo", "signature", "bank_account", "statement", "consent"})
"""Types whose answers no document shows."""
_TIMES = ("date", "date_range")
_NOT_TOLD = frozenset({"file", "photo", "signature", "statement", "group", "matrix", "quantities", "bank_account"})
"""Types whose answers are no value of a feature."""


def structure_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Report references to things that do not exist, and ids that are used twice."""
    return [
        *_duplicates(((("steps", number, "id"), step.id) for number, step in enumerate(definition.steps)), "ステップ"),
        *_duplicates(
            [
                *(((*path, "id"), field.id) for path, field in all_fields(definition)),
                *((("compute", number, "id"), value.id) for number, value in enumerate(definition.compute)),
                *((("tables", number, "id"), table.id) for number, table in enumerate(definition.tables)),
            ],
            "質問、計算した値、表",
        ),
        *_computed_names(definition),
        *_duplicates(
            ((("documents", n, "id"), document.id) for n, document in enumerate(definition.documents)), "書類"
        ),
        *_duplicates(((("fee", n, "id"), rule.id) for n, rule in enumerate(definition.fee) if rule.id), "手数料の行"),
        *_duplicates(((("capacity", n, "id"), rule.id) for n, rule in enumerate(definition.capacity)), "定員"),
        *_waiting_lists(definition),
        *_lotteries(definition),
        *(diagnostic for path, field in all_fields(definition) for diagnostic in _field(definition, path, field)),
        *_checks(definition),
        *_deadline(definition),
        *_openings(definition),
        *_handovers(definition),
        *_earlier_values(definition),
        *_duplicates(((("payout", n, "id"), rule.id) for n, rule in enumerate(definition.payout)), "支払いの行"),
        *_duplicates(((("consents", n, "id"), rule.id) for n, rule in enumerate(definition.consents)), "同意"),
        *consent_diagnostics(definition),
        *_documents(definition),
        *_examples(definition),
    ]


def _documents(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Templates that there are not, and answers that no paper can show."""
    shown = [
        field.id
        for field in definition.fields.values()
        if field.is_question and field.type not in NOT_ON_PAPER and field.id not in definition.unread.ids
    ]
    for number, rule in enumerate(definition.documents):
        if rule.template not in TEMPLATES and rule.template not in definition.unread.stand_ins:
            message = f"「{rule.template}」というひな型はありません。"
            yield UnlocatedDiagnostic(("documents", number, "template"), message, nearest(rule.template, TEMPLATES))
        for position, name in enumerate(rule.answers):
            place: Path = ("documents", number, "answers", position)
            field = definition.fields.get(name)
            if field is None and name not in definition.unread.ids:
                yield UnlocatedDiagnostic(place, f"「{name}」という質問はありません。", nearest(name, shown))
            elif field is not None and (field.type in NOT_ON_PAPER or not field.is_question):
                message = f"「{name}」の答えは、書類に載せられません。"
                yield UnlocatedDiagnostic(place, message, "ほかの質問にするか、この行を消してください。")


def _earlier_values(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Names of values of the earlier case that mean something already, or that a question hides."""
    if definition.based_on is None:
        return
    values = [(("based_on", "values", n, "id"), value.id) for n, value in enumerate(definition.based_on.values)]
    yield from _duplicates(values, "前の案件の値")
    for path, name in values:
        if name in OF_EVERY_CASE:
            message = f"「{EARLIER}.{name}」は、書かなくても使えます。"
            yield UnlocatedDiagnostic(path, message, "この値を消すか、ほかのIDにしてください。")
    if values and EARLIER in definition.fields:
        message = f"「{EARLIER}」という質問があるので、前の案件の値を式で使えません。"
        yield UnlocatedDiagnostic(("based_on", "values"), message, "質問のIDを変えてください。")


def _computed_names(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    taken = definition.vocabulary.facts.keys() | RESERVED | {CITY, EARLIER}
    named: list[tuple[Path, str]] = [
        *((("compute", number, "id"), value.id) for number, value in enumerate(definition.compute)),
        *((("tables", number, "id"), table.id) for number, table in enumerate(definition.tables)),
    ]
    for path, name in named:
        if name in taken:
            yield UnlocatedDiagnostic(
                path, f"「{name}」は、ほかの意味で使われている名前です。", "ほかのIDにしてください。"
            )


def ambiguous_ids(definition: Definition) -> frozenset[str]:
    """The ids that several questions have, so that nobody can say what an expression over them means."""
    counts = Counter(field.id for _path, field in all_fields(definition))
    return frozenset(name for name, count in counts.items() if count > 1)


def _duplicates(names: Iterable[tuple[Path, str]], what: str) -> Iterator[UnlocatedDiagnostic]:
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield UnlocatedDiagnostic(path, f"{what}「{name}」が2つあります。", "片方のIDを変えてください。")
        seen.add(name)


def _field(definition: Definition, path: Path, field: FieldType) -> Iterator[UnlocatedDiagnostic]:
    if field.id in RESERVED:
        yield UnlocatedDiagnostic(
            (*path, "id"), f"「{field.id}」は式の言葉なので、質問のIDにできません。", "別のIDにしてください。"
        )
    if field.id in PAGE_IDS:
        yield UnlocatedDiagnostic(
            (*path, "id"), f"「{field.id}」は画面が使う名前なので、質問のIDにできません。", "別のIDにしてください。"
        )
    if field.item is not None:
        if field.id not in definition.unread.untyped:
            yield from _item(definition.vocabulary, path, field)
    elif field.label is None and field.is_question:
        yield UnlocatedDiagnostic(
            path, "「label」がありません。", "「label: {ja: 質問の文}」か「item: 共通の項目」を加えてください。"
        )
    if isinstance(field, GroupField) and field.rows_from is not None:
        yield from _sources_of_rows(definition.vocabulary, (*path, "rows_from", "items"), field.rows_from)
    if isinstance(field, PlaceField):
        for number, rule in enumerate(field.rules):
            during = rule.period
            beside = group_fields(definition.steps[int(path[1])].fields[int(path[3])]) if len(path) > 4 else ()
            times = [other.id for other in (*beside, *definition.fields.values()) if other.type in _TIMES]
            if during is not None and during not in times and not _may_be_there(definition, during):
                place = (*path, "rules", number, *(("clear_of",) if rule.clear_of else ()), "during")
                yield UnlocatedDiagnostic(
                    place, f"「{during}」という日付か期間の質問はありません。", nearest(during, times)
                )
        yield from _told(definition, path, field)


def _told(definition: Definition, path: Path, place: PlaceField) -> Iterator[UnlocatedDiagnostic]:
    """The answers that a layer of the cases tells are asked beside the place or outside of rows."""
    beside = group_fields(definition.steps[int(path[1])].fields[int(path[3])]) if len(path) > 4 else ()
    known = {other.id: other for other in (*beside, *definition.fields.values())}
    for name, layer in (("case_layer", place.case_layer), ("public_layer", place.public_layer)):
        for number, answer in enumerate(layer.answers if layer else ()):
            spot = (*path, name, "answers", number)
            question = known.get(answer)
            if question is None:
                if not _may_be_there(definition, answer):
                    message = f"「{answer}」という質問は、この場所のとなりにも、くり返しの外にもありません。"
                    yield UnlocatedDiagnostic(spot, message, nearest(answer, known))
            elif question.type in _NOT_TOLD or question.is_place:
                message = f"「{answer}」の答えは、地図の層では出せません。"
                yield UnlocatedDiagnostic(spot, message, "文字・数・日・選択肢の質問を書いてください。")


def _sources_of_rows(vocabulary: Vocabulary, path: Path, source: RowsFrom) -> Iterator[UnlocatedDiagnostic]:
    known = {name for name, item in vocabulary.items.items() if item.type == "group"}
    known |= {name.partition(".")[0] for name in vocabulary.items if "." in name}
    for number, name in enumerate(source.items):
        if name not in known:
            yield UnlocatedDiagnostic(
                (*path, number),
                f"「{name}」は、組の共通の項目(household.members など)でも、共通の項目の初めの言葉(person など)でもありません。",
                nearest(name, known),
            )


def _may_be_there(definition: Definition, name: str) -> bool:
    """Whether a question of this name may be among those that could not be read, whatever its type."""
    unread = definition.unread
    return unread.some_question or name in unread.ids | unread.untyped


def _item(vocabulary: Vocabulary, path: Path, field: FieldType) -> Iterator[UnlocatedDiagnostic]:
    item = vocabulary.items.get(field.item or "")
    place = (*path, "item")
    if item is None:
        yield UnlocatedDiagnostic(
            place, f"「{field.item}」という共通の項目はありません。", nearest(field.item, vocabulary.items)
        )
    elif item.type != field.type:
        message = f"「{field.item}」は {item.type} の項目ですが、この質問は {field.type} です。"
        yield UnlocatedDiagnostic(place, message, f"「type: {item.type}」にしてください。")


def _checks(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    for number, step in enumerate(definition.steps):
        for position, check in enumerate(step.checks):
            ids = [field.id for field in step.fields if field.id not in definition.unread.stand_ins]
            for marked in check.marked:
                if marked not in ids and not _may_be_there(definition, marked):
                    path = ("steps", number, "checks", position, "fields" if check.fields else "field")
                    message = f"「{marked}」はこのステップの質問ではありません。"
                    yield UnlocatedDiagnostic(path, message, nearest(marked, ids))


def _deadline(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    routing = definition.routing
    rules: list[tuple[Path, Deadline | None]] = []
    if routing is not None:
        rules = [(("routing", "deadline"), routing.deadline), (("routing", "earliest"), routing.earliest)]
        rules += [
            (("routing", "special_deadlines", number), rule) for number, rule in enumerate(routing.special_deadlines)
        ]
    dates = {name: fact for name, fact in definition.vocabulary.facts.items() if fact.type == "date"}
    answered = {field.id for field in definition.fields.values() if field.type in ("date", "birthday")}
    for path, rule in rules:
        name = rule.event if rule is not None else ""
        if name and name not in dates and name not in answered and not _may_be_there(definition, name):
            yield UnlocatedDiagnostic(
                (*path, "before" if rule and rule.before else "after"),
                f"「{name}」という日付の事実も質問もありません。",
                nearest(name, [*dates, *answered], fact_listing(dates, name)),
            )


def _openings(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    ids = definition.question_ids
    for number, opening in enumerate(definition.opens):
        path: Path = ("opens", number)
        if opening.procedure == definition.procedure:
            message = "この手続き自身は開けません。"
            yield UnlocatedDiagnostic((*path, "procedure"), message, "ほかの手続きのキーを書いてください。")
        for there, here in opening.answers.items():
            if here not in ids and not definition.unread.some_question:
                message = f"「{here}」という質問はありません。"
                yield UnlocatedDiagnostic((*path, "answers", there), message, nearest(here, ids))
            elif isinstance(definition.fields.get(here), Files):
                message = f"ファイルの質問「{here}」は、開く手続きへ渡せません。"
                yield UnlocatedDiagnostic((*path, "answers", there), message, "この行を消してください。")
            if there in opening.values:
                message = f"「{there}」の答えが、answers と values の両方にあります。"
                yield UnlocatedDiagnostic((*path, "values", there), message, "片方を消してください。")


def _handovers(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    items = {field.item for field in definition.fields.values() if field.item is not None}
    if definition.unread.some_question:
        return
    for number, rule in enumerate(definition.hands_over):
        path: Path = ("hands_over", number)
        addresses = [field.id for field in definition.fields.values() if field.type == "address"]
        if rule.place not in addresses:
            message = f"「{rule.place}」という住所の質問はありません。"
            yield UnlocatedDiagnostic((*path, "place"), message, nearest(rule.place, addresses))
        for position, item in enumerate(rule.items):
            if item not in items:
                message = f"「{item}」の項目（item）の質問は、この手続きにありません。"
                yield UnlocatedDiagnostic((*path, "items", position), message, nearest(item, items))


def _examples(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    field_ids = definition.question_ids
    if definition.unread.some_question:
        return
    names: list[str] = []
    for number, example in enumerate(definition.written_examples):
        if example.like is not None and example.like not in names:
            message = f"「{example.like}」という試しは、これより前にありません。"
            yield UnlocatedDiagnostic(("examples", number, "like"), message, nearest(example.like, names))
        names.append(example.name)
        for name in example.answers.keys() - field_ids:
            yield UnlocatedDiagnostic(
                ("examples", number, "answers", name), f"「{name}」という質問はありません。", nearest(name, field_ids)
            )
        for key in ("visible", "hidden"):
            for position, name in enumerate(getattr(example.expect, key)):
                if head_of(name) not in field_ids:
                    path = ("examples", number, "expect", key, position)
                    yield UnlocatedDiagnostic(path, f"「{name}」という質問はありません。", nearest(name, field_ids))


def _waiting_lists(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Whoever waits is told by mail, so that an address must be known."""
    for number, rule in enumerate(definition.capacity):
        if rule.waiting_days is not None and definition.assurance == "none":
            yield UnlocatedDiagnostic(
                ("capacity", number, "waiting_days"),
                "空きを知らせる相手がわかりません(assurance が none です)。",
                "assurance を email にするか、waiting_days を消してください。",
            )


def _lotteries(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """What an allocation names: a ranking or questions with the same values, and moves of the workflow."""
    known = definition.workflow.preset is None or definition.workflow.preset in presets()
    moves = {move.id for move in workflow_of(definition).moves} if known else set()
    for number, rule in enumerate(definition.capacity):
        path: Path = ("capacity", number)
        questions = wish_questions(definition, rule).values()
        options = {question.id: question for question in questions if isinstance(question, ChoiceField)}
        rankings = [question.id for question in questions if isinstance(question, RankingField)]
        for position, wish in enumerate(rule.wishes):
            if wish in rankings:
                if len(rule.wishes) > 1:
                    message = f"「{wish}」は順位をつける質問なので、ほかの質問といっしょには書けません。"
                    yield UnlocatedDiagnostic(
                        (*path, "wishes", position), message, f"wishes: [{wish}] と書いてください。"
                    )
            elif wish not in options and not _may_be_there(definition, wish):
                message = f"「{wish}」という、1つ選ぶ質問も順位をつける質問もありません。"
                yield UnlocatedDiagnostic((*path, "wishes", position), message, nearest(wish, [*options, *rankings]))
            elif position and wish in options and rule.wishes[0] in options:
                needed = options[rule.wishes[0]].option_types().items() - options[wish].option_types().items()
                if needed:
                    names = "、".join(sorted(name for name, _kind in needed))
                    message = f"「{rule.wishes[0]}」の選択肢にある値 {names} が、「{wish}」の選択肢にありません。"
                    yield UnlocatedDiagnostic(
                        (*path, "wishes", position),
                        message,
                        "希望の質問の選択肢は、同じ名前と種類の値をそろえてください。",
                    )
        for position, move in enumerate(rule.winners):
            if known and move not in moves:
                yield UnlocatedDiagnostic(
                    (*path, "winners", position), f"「{move}」という動きはありません。", nearest(move, moves)
                )
