"""Whether the cities' payment accounts may be used as the settings say: checked before anything starts, because money that went the wrong
way, or came in under another city's name, cannot be put right by a restart.
"""

import click


def refuse_unsafe_accounts() -> None:
    """Stop with the settings and remedies named. An unreachable database is not waited for."""
    from sqlalchemy.exc import SQLAlchemyError

    from portal.core.cluster import ClusterError
    from portal.payments import account_faults

    try:
        faults = account_faults()
    except (SQLAlchemyError, ClusterError):
        return  # the next step that needs it reports what is wrong
    if faults:
        lines = [f"- {fault.detail}.\n  Fix: {fault.fix}." for fault in faults]
        raise click.ClickException(
            "\n".join(["Payments are not safe, so nothing was started and nothing changed.", *lines])
        )
