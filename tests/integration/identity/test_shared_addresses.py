"""Many people behind one network address, as in an office or a mobile network, do not lock each other out; guessers are stopped."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.core import limits
from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.errors import TooMany
from portal.core.limits import Count, Limit, network_of
from portal.identity.actions import create_staff
from tests.integration.identity.conftest import ADDRESS, code_at
from tests.kit.browser import Browser
from tests.kit.letters import letters
from tests.kit.people import PASSWORD, SECRET

DOOR = "/desk/sign-in"


def staff(city: str, count: int) -> list[str]:
    emails = [f"person{number}@city.example.jp" for number in range(count)]
    with city_session(city) as session:
        for email in emails:
            create_staff(session, email, "試験 職員", PASSWORD, {}, totp_secret=SECRET)
    return emails


def enter(doors: Flask, email: str, moment: datetime, address: str = "203.0.113.9") -> Browser:
    browser = Browser(doors, address=address)
    assert browser.submit(DOOR, email=email, password=PASSWORD).status_code == 303
    assert browser.submit("/desk/sign-in/code", code=code_at(moment)).location == "/desk"
    return browser


def guess(doors: Flask, email: str, address: str = "203.0.113.9") -> int:
    return Browser(doors, address=address).submit(DOOR, email=email, password="not the right words").status_code


@pytest.mark.slow
def test_an_office_signs_in_at_half_past_eight(doors: Flask, scratch_city: str) -> None:
    emails = staff(scratch_city, settings().limit_passwords + 5)
    with frozen(now()):
        assert all(enter(doors, email, now()).get("/desk").status_code == 200 for email in emails)


@pytest.mark.slow
def test_forty_at_the_same_moment_sign_in(doors: Flask, scratch_city: str) -> None:
    emails = staff(scratch_city, 40)
    moment = now()

    def arrive(email: str) -> int:
        with frozen(moment):
            return enter(doors, email, moment).get("/desk").status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(arrive, emails)) == {200}


def test_somebody_elses_wrong_passwords_do_not_stop_a_colleague(doors: Flask, scratch_city: str) -> None:
    *others, colleague = staff(scratch_city, 31)
    with frozen(now()):
        for email in others:
            assert guess(doors, email) == 422
        answers = [guess(doors, others[0]) for _ in range(30)]
        assert answers == [422] * 4 + [429] * 26
        enter(doors, colleague, now())


def test_a_guesser_going_through_all_accounts_is_stopped_and_those_who_were_here_before_are_not(
    doors: Flask, scratch_city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here_before,) = staff(scratch_city, 1)
    moment = now()
    with frozen(moment):
        browser = enter(doors, here_before, moment)
        browser.submit("/desk/sign-out", page=DOOR)
        answers = [guess(doors, f"nobody{number}@city.example.jp") for number in range(settings().limit_passwords + 2)]
        assert answers == [422] * settings().limit_passwords + [429] * 2
        assert guess(doors, here_before) == 429
        assert browser.submit(DOOR, email=here_before, password=PASSWORD).status_code == 303


def test_a_browser_known_for_one_person_passes_for_nobody_else(doors: Flask, scratch_city: str) -> None:
    own, other = staff(scratch_city, 2)
    with frozen(now()):
        browser = enter(doors, own, now())
        answers = [browser.submit(DOOR, email=other, password="wrong words").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_known_browser_is_held_to_a_count_of_its_own(doors: Flask, scratch_city: str) -> None:
    (email,) = staff(scratch_city, 1)
    with frozen(now()):
        browser = enter(doors, email, now())
        answers = [browser.submit(DOOR, email=email, password="wrong words").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_cookie_planted_before_signing_in_is_worth_nothing_afterwards(doors: Flask, scratch_city: str) -> None:
    (email,) = staff(scratch_city, 1)
    planted = "A" * 43
    victim, attacker = Browser(doors, address=ADDRESS), Browser(doors, address=ADDRESS)
    for browser in (victim, attacker):
        browser.client.set_cookie("madoguchi-device", planted, domain="hino.localhost")
    with frozen(now()):
        victim.submit(DOOR, email=email, password=PASSWORD)
        assert victim.submit("/desk/sign-in/code", code=code_at(now())).location == "/desk"
        for address in range(20):
            for _ in range(5):
                assert guess(doors, email, f"198.51.100.{address}") == 422
        attacker.address = "198.51.100.200"
        assert attacker.submit(DOOR, email=email, password=PASSWORD).status_code == 429
        assert victim.submit(DOOR, email=email, password=PASSWORD).status_code == 303


@pytest.mark.slow
def test_on_the_day_of_a_flood_a_whole_mobile_network_asks_for_codes(doors: Flask, scratch_city: str) -> None:
    with frozen(now()):
        for number in range(300):
            browser = Browser(doors, address="100.64.0.1")
            assert browser.submit("/sign-in", email=f"resident{number}@example.jp").status_code == 303
        guesser = Browser(doors, address="100.64.0.1")
        answers = []
        for number in range(21):
            if number % 5 == 0:
                guesser.submit("/sign-in", email="resident0@example.jp")
            answers.append(guesser.submit("/sign-in/code", code="000000").status_code)
        assert answers == [422] * 20 + [429]
        late = Browser(doors, address="100.64.0.1")
        assert late.submit("/sign-in", email="late@example.jp").status_code == 303
        code = letters(scratch_city)[-1].body.split("コードは ")[1][:6]
        assert late.submit("/sign-in/code", code=code).location == "/me"


def test_mails_that_led_to_a_sign_in_use_up_nothing_of_the_network(
    doors: Flask, scratch_city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.identity.throttle._mail_network", lambda: Limit("mail-network", 3, timedelta(hours=1)))
    with frozen(now()):
        for number in range(6):
            browser = Browser(doors, address="100.64.0.1")
            assert browser.submit("/sign-in", email=f"resident{number}@example.jp").status_code == 303
            code = letters(scratch_city)[-1].body.split("コードは ")[1][:6]
            assert browser.submit("/sign-in/code", code=code).location == "/me"
        strangers = [
            Browser(doors, address="100.64.0.1").submit("/sign-in", email=f"s{number}@example.jp").status_code
            for number in range(4)
        ]
        assert strangers == [303] * 3 + [429]
        assert browser.submit("/sign-in", email="resident5@example.jp").status_code == 303


def test_a_subscriber_with_ipv6_is_one_however_many_addresses_it_uses(doors: Flask, scratch_city: str) -> None:
    (email,) = staff(scratch_city, 1)
    with frozen(now()):
        answers = [guess(doors, email, f"2001:db8:1:2::{number:x}") for number in range(1, 7)]
        neighbour = guess(doors, email, "2001:db8:1:3::1")
    assert answers == [422] * 5 + [429]
    assert neighbour == 422


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("?", "?"),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_parallel_counts_let_no_more_through_than_the_limit(scratch_city: str) -> None:
    limit = Limit("trial", 10, timedelta(hours=1))

    moment = now()

    def passes(_number: int) -> bool:
        try:
            with frozen(moment):
                limits.count(scratch_city, Count(limit, "key"))
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(passes, range(24))) == 10


def test_units_are_counted_and_given_back(scratch_city: str) -> None:
    limit = Limit("bytes", 5_000_000_000, timedelta(hours=1))
    with frozen(now()):
        limits.count(scratch_city, Count(limit, "key", 3_000_000_000))
        with pytest.raises(TooMany):
            limits.count(scratch_city, Count(limit, "key", 3_000_000_000))
        limits.refund(scratch_city, Count(limit, "key", 3_000_000_000))
        limits.count(scratch_city, Count(limit, "key", 1_000_000_000))


def test_a_limit_that_is_exceeded_counts_itself_and_none_after_it(scratch_city: str) -> None:
    first, second, third = (Limit(name, most, timedelta(hours=1)) for name, most in (("a", 9), ("b", 1), ("c", 1)))
    with frozen(now()):
        for refused in (False, True):
            with pytest.raises(TooMany) if refused else nullcontext():
                limits.count(scratch_city, Count(first, "key"), Count(second, "key"), Count(third, f"key {refused}"))
        limits.count(scratch_city, Count(first, "key", 7))
        limits.count(scratch_city, Count(third, "key True"))
        with pytest.raises(TooMany):
            limits.count(scratch_city, Count(first, "key"))
