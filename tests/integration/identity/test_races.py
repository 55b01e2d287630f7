"""Two requests at the same moment do not get more than one (OWASP ASVS 5.0: 15.4.2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

from flask import Flask
from sqlalchemy import text

from portal.core.clock import now
from portal.core.database import city_session
from portal.identity.links import MAX_ATTEMPTS, redeem_code, send_sign_in_code
from portal.identity.staff_sign_in import check_code
from tests.integration.identity.conftest import HOST, code_at
from tests.kit.letters import letters


def together(times: int, do: Callable[[], bool]) -> int:
    """The number of simultaneous calls that returned true."""
    start = Barrier(times)

    def call(_number: int) -> bool:
        start.wait()
        return do()

    with ThreadPoolExecutor(times) as threads:
        return sum(threads.map(call, range(times)))


def test_one_code_of_an_app_signs_in_once(clerk: SimpleNamespace) -> None:
    code = code_at(now())

    def use() -> bool:
        with city_session(clerk.city) as session:
            return check_code(session, clerk.id, code, "192.0.2.1")

    assert together(4, use) == 1


def test_guesses_at_the_same_moment_are_all_counted(doors: Flask, scratch_city: str) -> None:
    with doors.test_request_context(base_url=f"http://{HOST}"), city_session(scratch_city) as session:
        attempt = send_sign_in_code(session, "misaki@example.jp", "ja")
    right = letters(scratch_city)[-1].body.split("コードは ")[1][:6]
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    def guess() -> bool:
        with city_session(scratch_city) as session:
            return redeem_code(session, attempt, wrong) is not None

    assert together(MAX_ATTEMPTS + 3, guess) == 0
    with city_session(scratch_city) as session:
        assert session.scalar(text("SELECT tries FROM login_code")) == MAX_ATTEMPTS
        assert redeem_code(session, attempt, right) is None


def test_one_mailed_code_signs_in_once(doors: Flask, scratch_city: str) -> None:
    with doors.test_request_context(base_url=f"http://{HOST}"), city_session(scratch_city) as session:
        attempt = send_sign_in_code(session, "misaki@example.jp", "ja")
    right = letters(scratch_city)[-1].body.split("コードは ")[1][:6]

    def use() -> bool:
        with city_session(scratch_city) as session:
            return redeem_code(session, attempt, right) is not None

    assert together(4, use) == 1
