"""The jobs that wait for the worker, and a worker that runs them at once."""

from typing import Any

from sqlalchemy import text

from portal.core.database import owner_engine
from portal.core.jobs import app


def next_job(city: str) -> tuple[str, dict[str, Any]] | None:
    """Take a city's oldest job out of the queue; its task and arguments, or None."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = shared")
        row = connection.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs"
                " WHERE args ->> 'city' = :city) RETURNING task_name, args"
            ),
            {"city": city},
        ).first()
    return (row[0], row[1]) if row else None


def forget_jobs(city: str) -> None:
    """Empty a city's queue."""
    while next_job(city):
        pass


def run_next(city: str) -> str | None:
    """Run a city's oldest job, as the worker would; the name of its task, or None when nothing waits."""
    if job := next_job(city):
        app.tasks[job[0]](**job[1])
        return job[0]
    return None


def work(city: str) -> list[str]:
    """Run a city's jobs, in order, until none is left; the names of their tasks."""
    return list(iter(lambda: run_next(city), None))


def waiting(city: str) -> list[str]:
    """The tasks of the jobs that wait, oldest first."""
    with owner_engine().connect() as connection:
        query = text("SELECT task_name FROM shared.procrastinate_jobs WHERE args ->> 'city' = :city ORDER BY id")
        return list(connection.scalars(query, {"city": city}))
