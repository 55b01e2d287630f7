"""What a drawer must hold, whatever was entered in whichever order."""

from hypothesis import given
from hypothesis import strategies as st

from portal.tills import rules

entries = st.lists(
    st.tuples(
        st.sampled_from(rules.ENTRY_KINDS), st.sampled_from(("cash", "card_reader")), st.integers(1, rules.MAX_YEN)
    )
)


@given(st.integers(0, rules.MAX_YEN), entries, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter_and_cards_leave_the_drawer_alone(
    float_amount: int, entered: list[tuple[str, str, int]], random: object
) -> None:
    shuffled = [*entered]
    random.shuffle(shuffled)
    by_method = rules.tallies(entered)
    assert rules.tallies(shuffled) == by_method
    sign = {"payment": 1, "reversal": -1, "refund": -1}
    cash = sum(sign[kind] * amount for kind, method, amount in entered if method == "cash")
    assert rules.expected_cash(float_amount, by_method["cash"]) == float_amount + cash


@given(st.dictionaries(st.sampled_from(rules.DENOMINATIONS), st.integers(0, rules.MAX_PIECES)))
def test_a_count_sheet_sums_to_the_yen(pieces: dict[int, int]) -> None:
    spread = [denomination for denomination, count in pieces.items() for _piece in range(min(count, 3))]
    assert rules.sum_of(dict.fromkeys(spread, 1)) == sum(set(spread))
    assert rules.sum_of(pieces) == sum(denomination * count for denomination, count in pieces.items())


@given(st.integers(-rules.MAX_YEN, rules.MAX_YEN), st.integers(0, rules.MAX_YEN))
def test_too_much_is_confirmed_as_too_little_is(difference: int, limit: int) -> None:
    assert rules.needs_confirmation(difference, limit) == rules.needs_confirmation(-difference, limit)
    assert not rules.needs_confirmation(0, limit)
