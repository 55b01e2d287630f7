"""Labels of a browser in a list of sessions: program, system and network, so that its owner recognises it."""

import re
from ipaddress import IPv4Address, ip_address

_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_SHOWN_V6 = 3


def browser_label(user_agent: str) -> str:
    """`Firefox・Windows`; empty for a browser that says nothing of itself."""
    program = next((name for pattern, name in _PROGRAMS if re.search(pattern, user_agent)), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, user_agent)), "")
    return "・".join(filter(None, (program, system)))


def network_label(address: str) -> str:
    """The first part of a network address: `192.0.2.*`, `2001:db8:1:*`; enough to tell the office from elsewhere."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None)
    if isinstance(parsed, IPv4Address) or mapped is not None:
        return str(mapped or parsed).rpartition(".")[0] + ".*"
    return ":".join(f"{int(part, 16):x}" for part in parsed.exploded.split(":")[:_SHOWN_V6]) + ":*"
