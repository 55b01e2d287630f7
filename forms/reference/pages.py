"""The pages of the reference, made from the models, the functions, the catalogue and their descriptions."""

from collections.abc import Mapping, Sequence

from forms.catalogue.vocabulary import CATALOGUE, Fact, Item, procedure_files, shipped
from forms.evaluation.city import CITY_TYPES
from forms.evaluation.scope import fact_types
from forms.expressions.functions.dates import DATES
from forms.expressions.functions.function import Function
from forms.expressions.functions.numbers import NUMBERS
from forms.expressions.functions.periods import PERIODS
from forms.expressions.functions.texts import TEXTS
from forms.loading import load
from forms.reference.cookbook import cookbook_page
from forms.reference.markdown import cell, code, page, table, yaml
from forms.reference.prose import prose
from forms.reference.question_pages import question_types_page
from forms.reference.sections import PARTS_OF_PAGE, TYPES, part_section
from forms.reference.workflow_page import workflow_page
from forms.text.phrases import phrases, short_forms


def reference_pages() -> Mapping[str, str]:
    """Every page of the reference by its file name. The same every time, as long as the language stays."""
    return {
        "README.md": _index(),
        "definition.md": _settings_page("definition"),
        "question-types.md": question_types_page(),
        "expressions.md": _expressions_page(),
        "fees.md": _settings_page("fees"),
        "payouts.md": _settings_page("payouts"),
        "capacity.md": _settings_page("capacity"),
        "consents.md": _settings_page("consents"),
        "workflow.md": workflow_page(),
        "routing.md": _settings_page("routing", _facts(), _items()),
        "places.md": _settings_page("places"),
        "texts.md": _settings_page("texts", _phrases()),
        "examples.md": _settings_page("examples", _shipped()),
        "cookbook.md": cookbook_page(),
    }


def _index() -> str:
    entries = prose()
    rows = [f"- [{entry['title']}]({name}.md): {entry['about']}" for name, entry in entries.items() if "about" in entry]
    return page(entries["README"]["title"], entries["README"]["text"], "\n".join(rows))


def _settings_page(name: str, *more: str) -> str:
    entry = prose()[name]
    return page(entry["title"], entry["text"], yaml(entry["example"]), *map(part_section, PARTS_OF_PAGE[name]), *more)


def _expressions_page() -> str:
    entry = prose()["expressions"]
    city = table(("名前", "型"), [(code(name), TYPES[kind]) for name, kind in CITY_TYPES.items()])
    groups = (("数", NUMBERS), ("日", DATES), ("期間", PERIODS), ("文字と一覧", TEXTS))
    functions = [f"### {title}\n\n{_functions(group)}" for title, group in groups]
    return page(entry["title"], entry["text"], "## 市の名前", city, "## 関数", entry["functions"], *functions)


def _functions(functions: Sequence[Function]) -> str:
    rows = [
        (code(function.usage), cell(function.meaning), code(function.example), cell(function.result))
        for function in functions
    ]
    return table(("書きかた", "出るもの", "例", "例の答え"), rows)


def _facts() -> str:
    rows = [
        (code(name), TYPES.get(fact_types(shipped()).get(name, ""), "場所"), cell(_known_by(fact)))
        for name, fact in shipped().facts.items()
    ]
    return "## 共通の事実\n\n" + table(("名前", "型", "質問"), rows)


def _known_by(fact: Fact) -> str:
    if fact.question is not None:
        return fact.question.ja
    return "ほかの事実から決まります。" if fact.computed else "地図からわかります。"


def _shipped() -> str:
    """The procedures that come with the portal, whole documents to read and copy."""
    rows = [
        (
            f"[{path.name}](../../forms/catalogue/{path.relative_to(CATALOGUE)})",
            cell(definition.title.ja),
            str(len(definition.examples)),
        )
        for path in procedure_files()
        for definition in (load(path.read_bytes()),)
    ]
    return "## はじめからある手続き\n\n" + table(("定義", "手続き", "試しの数"), rows)


def _items() -> str:
    rows = [
        (code(name), code(item.type), cell(item.label.ja), cell(_settings_of(item)))
        for name, item in shipped().items.items()
    ]
    return "\n\n".join(
        (
            "## 共通の質問",
            prose()["routing"]["items"],
            table(("item", "質問の型", "質問の文", "type を省くと入る設定"), rows),
        )
    )


def _settings_of(item: Item) -> str:
    settings = [name for name in ("help",) if item.help is not None] + list(item.question)
    return "、".join(code(name) for name in settings)


def _phrases() -> str:
    """What a text may say in Japanese alone and be understood in every language."""
    pages = [(cell(title), cell(short["ja"])) for title, short in short_forms().items()]
    rows = [(cell(phrase["ja"]), cell(phrase["en"])) for phrase in phrases().values()]
    return "\n\n".join(
        (
            "## 共通の言い回し",
            prose()["texts"]["phrases"],
            table(("ページの見出し", "入る短い名前(short)"), pages),
            table(("日本語", "英語の訳"), rows),
        )
    )
