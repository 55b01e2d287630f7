"""My page's lists across all applications: what was written between applicant and office, and the papers that were made."""

from dataclasses import dataclass

from flask import render_template

from portal.cases import Case, messages, void_slips
from portal.core.access import PUBLIC, allow
from portal.core.text import pick
from portal.core.web import db
from portal.documents import documents_of_cases, title_of
from portal.identity import list_departments
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.issued_documents import issued_of


@dataclass(frozen=True)
class About:
    """The application that a message or a paper belongs to, in words."""

    case: Case
    title: str
    department: str


@bp.get("/me/messages")
@allow(PUBLIC)
def my_messages() -> str:
    """The newest message of each application, the newest first, and whether it was read."""
    about = _abouts()
    newest = messages.newest_messages(db(), about.keys())
    ordered = sorted(newest.items(), key=lambda item: item[1].sent_at, reverse=True)
    return render_template("residents/my_messages.html", entries=[(about[case], message) for case, message in ordered])


@bp.get("/me/documents")
@allow(PUBLIC)
def my_documents() -> str:
    """The papers of all applications, the newest first."""
    about = _abouts()
    papers = documents_of_cases(db(), about.keys())
    return render_template(
        "residents/my_documents.html",
        entries=[(about[paper.case_id], paper) for paper in papers],
        issued=issued_of(db(), [entry.case for entry in about.values()]),
        about=about,
        void=void_slips(db(), papers),
        title_of=title_of,
    )


def _abouts() -> dict[int, About]:
    """The visitor's applications by their ids."""
    departments = {department.id: pick(department.title) for department in list_departments(db(), with_closed=True)}
    return {
        case.id: About(case, words(definition_of(db(), case.version_id).title), departments[case.department_id])
        for case in visitor_access.cases(db())
    }
