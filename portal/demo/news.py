"""Sample news of the demo cities (`news.yaml`), each with a line that says that it is one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.core.events import SYSTEM
from portal.identity import department_by_key
from portal.news import Content, count_shown, save_article


def load_news(session: Session) -> None:
    """Publish the samples in a city that has no news."""
    if count_shown(session):
        return
    document = YAML(typ="safe").load(Path(__file__).with_name("news.yaml"))
    for article in document["articles"]:
        department = department_by_key(session, article["department"])
        if department is not None:
            content = _content(article, document["sample"])
            save_article(session, None, content, department_id=department.id, actor=SYSTEM, expected_version=0)


def _content(article: dict[str, Any], sample: dict[str, str]) -> Content:
    body = {language: f"{text.strip()}\n\n{sample[language]}" for language, text in article["body"].items()}
    day = today() - timedelta(days=article["days_ago"])
    return Content(article["subject"], article["title"], body, shown_from=day, shown_until=None)
