"""What explains a fee is kept in clear and goes to the payment provider, so it cannot name anybody."""

import pytest

from tests.integration.publishing.conftest import AT, Makers
from tests.kit.catalogue import catalogue

SOURCE = catalogue()["dog-registration"]
PLAIN = "1頭につき3,000円"
HTMX = {"HX_Request": "true"}


def checked(makers: Makers, explanation: str) -> str:
    makers.publisher.get(AT)
    source = SOURCE.replace(f'"{PLAIN}"', f'"{explanation}"', 1)
    assert source != SOURCE
    return makers.publisher.post(f"{AT}/check", {"draft-source": source}, **HTMX).text


@pytest.mark.parametrize(
    ("explanation", "question"),
    [
        ("{name.family}様の犬", "name"),
        ("{dog_name}の登録", "dog_name"),
        ("{phone}", "phone"),
        ("{'犬：' + breed}", "breed"),
    ],
)
def test_an_answer_that_is_sealed_is_a_fault_with_its_line(makers: Makers, explanation: str, question: str) -> None:
    page = checked(makers, explanation)
    assert f"料金の説明に、「{question}」の答えが出ます。" in page
    line = SOURCE[: SOURCE.index(PLAIN)].count("\n") + 1
    assert f'data-line="{line}"' in page


@pytest.mark.parametrize("explanation", ["3,000円", "{origin == 'first' ? 1 : 0}頭", "{size(dog_name)}文字の名前"])
def test_amounts_numbers_and_choices_explain_as_before(makers: Makers, explanation: str) -> None:
    assert "料金の説明に、" not in checked(makers, explanation)
