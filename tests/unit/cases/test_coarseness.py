"""What an applicant was promised is never shown more exactly, whatever a later version says."""

import pytest

from forms.definition.case_layers import PublicLayer
from forms.text.localized import Text
from portal.cases.coarseness import coarser


def layer(**more: object) -> PublicLayer:
    return PublicLayer.model_validate({"title": Text.of("市"), "states": ["approved"], **more})


EXACT, GRID, WIDE = layer(exactness="exact"), layer(), layer(cell_m=500)
STREET = layer(exactness="street", streets="city-roads", cell_m=200)


@pytest.mark.parametrize(
    ("now", "promised", "exactness", "cell_m", "streets"),
    [
        (EXACT, EXACT, "exact", 100, None),
        (EXACT, GRID, "grid", 100, None),
        (GRID, EXACT, "grid", 100, None),
        (GRID, WIDE, "grid", 500, None),
        (EXACT, STREET, "street", 200, "city-roads"),
        (STREET, EXACT, "street", 200, "city-roads"),
        (STREET, WIDE, "grid", 500, None),
    ],
)
def test_the_coarser_of_two_layers_counts(
    now: PublicLayer, promised: PublicLayer, exactness: str, cell_m: int, streets: str | None
) -> None:
    shown = coarser(now, promised)
    assert (shown.exactness, shown.cell_m, shown.streets) == (exactness, cell_m, streets)


@pytest.mark.parametrize("more", [{"exactness": "street"}, {"streets": "city-roads"}, {"cell_m": 5}, {"states": []}])
def test_a_layer_that_contradicts_itself_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"streets|cell_m|states"):
        layer(**more)
