"""File names that people typed on some machine, made safe to show, to store and to offer for download."""

import re
import unicodedata

_MOST = 120
_NAMELESS = "file"
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*]')


def clean_name(raw: str) -> str:
    """The last part of the name, without control or direction signs and path separators, at most 120 characters."""
    last = re.split(r"[/\\]", raw.replace("\0", ""))[-1]
    shown = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign) not in _NOT_SHOWN)
    plain = " ".join(_RESERVED.sub("_", shown).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:_MOST] or _NAMELESS
    return f"{stem[: _MOST - len(ending[:10]) - 1] or _NAMELESS}.{ending[:10]}"


def ending_of(name: str) -> str:
    """The ending in lower case, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def with_ending(name: str, ending: str) -> str:
    """The same name with another ending."""
    return f"{name.rpartition('.')[0] or name}.{ending}"
