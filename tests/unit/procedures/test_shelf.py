"""The definitions that a process keeps."""

import time
from threading import Barrier, Thread

import pytest

from forms import Definition, load
from portal.procedures.shelf import Key, Shelf

DEFINITION = load(
    '{"procedure": "try", "kind": "elsewhere", "title": "試し", "department": "citizens",'
    ' "offices": [{"name": "法務局", "phone": "042-524-2716"}]}'
)


def key(number: int) -> Key:
    return ("hino", number, b"")


def kept(shelf: Shelf) -> list[int]:
    """The numbers of what is kept, which has been used now."""
    return [number for number in range(9) if shelf.get(key(number))]


def filled(room: int, *numbers: int) -> Shelf:
    shelf = Shelf(room)
    for number in numbers:
        shelf.get_or_make(key(number), 10, lambda: DEFINITION)
    return shelf


def test_what_was_used_longest_ago_makes_room() -> None:
    shelf = filled(30, 1, 2, 3)
    assert shelf.get(key(1)) is DEFINITION
    shelf.get_or_make(key(4), 10, lambda: DEFINITION)
    assert kept(shelf) == [1, 3, 4]


def test_a_large_one_makes_room_for_itself_and_is_kept_alone_if_it_must() -> None:
    shelf = filled(30, 1, 2, 3)
    shelf.get_or_make(key(4), 15, lambda: DEFINITION)
    assert kept(shelf) == [3, 4]
    shelf.get_or_make(key(5), 1_000, lambda: DEFINITION)
    assert kept(shelf) == [5]
    shelf.get_or_make(key(6), 10, lambda: DEFINITION)
    assert kept(shelf) == [6]


def test_those_who_ask_for_the_same_at_once_wait_for_the_first_of_them() -> None:
    shelf, together, made, got = Shelf(30), Barrier(4), [], []

    def make() -> Definition:
        made.append(1)
        time.sleep(0.05)  # the others come meanwhile
        return DEFINITION

    def ask() -> None:
        together.wait()
        got.append(shelf.get_or_make(key(1), 10, make))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), got) == (1, [DEFINITION] * 4)


def test_what_cannot_be_made_is_asked_for_again() -> None:
    shelf = Shelf(30)

    def refuse() -> Definition:
        raise ValueError("the grammar has changed since")

    with pytest.raises(ValueError, match="grammar"):
        shelf.get_or_make(key(1), 10, refuse)
    assert shelf.get_or_make(key(1), 10, lambda: DEFINITION) is DEFINITION
