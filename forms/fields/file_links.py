"""Where the stored files of a page are, and what is to be said of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FileLinks:
    """Where the files of a page are: the addresses of one by its id, small and whole; of the page itself; and where a question's
    files are sent one by one (`add(path)`), taken out (`remove(path)`) or put in another order (`move(path)`).

    `notes` are words beside a file, by its id. `handed_in` are those that the office has already: another can be put in their place.
    """

    file: Callable[[str], str]
    thumbnail: Callable[[str], str]
    add: Callable[[str], str]
    remove: Callable[[str], str]
    move: Callable[[str], str]
    page: str
    notes: Mapping[str, str] = field(default_factory=dict)
    handed_in: frozenset[str] = frozenset()
