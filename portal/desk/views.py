"""The pages of the desk."""

from flask import Flask

from portal.desk import (
    appointments,
    case_actions,
    case_list,
    consultations,
    daily_payments,
    documents,
    ledger,
    ledger_closing,
    ledger_comparison,
    lotteries,
    payouts,
    places,
    retention,
    reviews,
    stage_forms,
    tiles,
)


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    for part in (
        appointments,
        consultations,
        lotteries,
        places,
        case_list,
        tiles,
        case_actions,
        stage_forms,
        retention,
        daily_payments,
        ledger,
        ledger_closing,
        ledger_comparison,
        documents,
        payouts,
        reviews,
    ):
        app.register_blueprint(part.bp)
