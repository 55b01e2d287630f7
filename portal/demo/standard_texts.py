"""Sample texts of the demo cities (`standard_texts.yaml`)."""

from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from portal.core.events import SYSTEM
from portal.identity import department_by_key
from portal.standard_texts import StandardContent, save_text, texts_of


def load_standard_texts(session: Session) -> None:
    """Write the samples for departments that have no texts."""
    document = YAML(typ="safe").load(Path(__file__).with_name("standard_texts.yaml"))
    offices = {each["department"]: department_by_key(session, each["department"]) for each in document["texts"]}
    empty = {
        key: office for key, office in offices.items() if office is not None and not texts_of(session, [office.id])
    }
    for each in document["texts"]:
        if each["department"] in empty:
            content = StandardContent(each["kind"], each.get("procedure"), each["title"], each["text"])
            save_text(
                session, None, content, department_id=empty[each["department"]].id, actor=SYSTEM, expected_version=0
            )
