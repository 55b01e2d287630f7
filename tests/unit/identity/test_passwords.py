"""Passwords are rated by how early they would be guessed, not by the kinds of characters in them (OWASP ASVS 5.0: 6.2, 11.4.2)."""

import pytest

from portal.identity.passwords import MIN_LENGTH, hash_password, matches, weakness

WHO = ("tanaka.taro@city.example.jp", "田中 太郎", "tachikawa", "立川市")


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("7signs!", "8文字以上"),
        ("x" * 201, "200文字まで"),
        ("password", "よく使われる"),
        ("Password1!", "よく使われる"),
        ("P@ssw0rd2026", "よく使われる"),
        ("@dmin12345", "よく使われる"),
        ("welcome-2026", "よく使われる"),
        ("ぱすわーど1234", "よく使われる"),
        ("Madoguchi-2026", "よく使われる"),
        ("12345678", "よく使われる"),
        ("87654321", "よく使われる"),
        ("qwertyuiop", "よく使われる"),
        ("1qaz2wsx", "よく使われる"),
        ("19850412", "よく使われる"),
        ("mothafucka", "よく使われる"),
        ("fghjklfghjkl", "ならび"),
        ("岩国岩国岩国岩国", "ならび"),
        ("abcabcabc", "ならび"),
        ("aaaaaaaaaa", "ならび"),
        ("tanaka.taro", "名前、メールアドレス"),
        ("Tanaka-Taro99", "名前、メールアドレス"),
        ("tachikawa2026", "市の名前"),
        ("立川市20261123", "市の名前"),
    ],
)
def test_early_guesses_are_refused(password: str, message: str) -> None:
    reason = weakness(password, *WHO)
    assert reason is not None
    assert message in reason


def test_the_passwords_used_most_are_refused() -> None:
    """The three thousand first that are long enough (ASVS 6.2.4)."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    first = [password for password in FREQUENCY_LISTS["passwords"] if len(password) >= MIN_LENGTH][:3000]
    assert len(first) == 3000
    assert [password for password in first if weakness(password) is None] == []


@pytest.mark.parametrize(
    "password",
    ["川沿いの道を歩く", "correct horse battery", "kumonoue 81", "onlysmallletterswithoutsigns", "窓辺の猫と三冊の本"],
)
def test_phrases_need_neither_signs_nor_capitals(password: str) -> None:
    assert weakness(password, *WHO) is None


@pytest.mark.slow
def test_a_long_password_counts_to_its_last_letter() -> None:
    long = "".join(chr(ord("a") + number * 7 % 26) for number in range(64))
    stored = hash_password(long)
    assert weakness(long) is None
    assert matches(stored, long)
    assert not matches(stored, long[:-1] + "!")


@pytest.mark.slow
def test_hashes_are_argon2id_and_salted() -> None:
    first, second = hash_password("kumonoue 81"), hash_password("kumonoue 81")
    assert first != second
    assert first.startswith("$argon2id$")


@pytest.mark.slow
def test_the_same_word_composed_otherwise_is_the_same_password() -> None:
    assert matches(hash_password("がらすの窓を開ける"), "か\u3099らすの窓を開ける")


@pytest.mark.slow
def test_nobody_has_a_password() -> None:
    assert not matches(None, "nobody signs in with this")
    assert not matches("not a hash", "anything")
