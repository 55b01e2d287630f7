"""Odd input, chosen by a random generator: values of fields, ends of addresses, bodies that are no forms, headers."""

import io
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.judge.browser import encode

TEXTS = (
    "", " ", "0", "-1", "9" * 40, "NaN", "Infinity", "1e999", "٣", "２０２６", "0000-00-00", "9999-12-31", "2026-02-30",
    "\x00", "a\x00b", "\u202e逆", "😀" * 50, "ｶﾞ", "か\u3099", "<b>&\"'", "{{7*7}}", "%s%n", "' OR 1=1 --", "../../etc/passwd",
    "line\r\nSet-Cookie: x=1", "a" * 5_000, "字" * 70_000, "[" * 5_000, '{"a":' * 2_000, "null", "[]", "{}", "true", "=1+1",
    '{"type":"Point","coordinates":[NaN,1]}', '{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}',
    '{"geometry":{"type":"Point","coordinates":[1e308,-1e308]}}', "a: &a [*a]", "steps: [" * 300, "２" * 400,
)  # fmt: skip
RAW = (b"\xff\xfe", b"%ff%fe=%80", b"csrf_token", b"&&&==&=", b"\x00" * 300, b"{" * 3_000, b"a=" + b"%" * 999)
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "text/plain", "",
    "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300, "multipart/mixed; boundary=b",
)  # fmt: skip
HEADERS = (
    {"Accept-Language": "x" * 3_000}, {"Accept": "\xff"}, {"HX-Request": "true"}, {"Range": "bytes=9-1"},
    {"If-None-Match": '"' * 99}, {"Cookie": "madoguchi=" + "x" * 4_000}, {"Cookie": "madoguchi=\xff; =; ;;"},
    {"Referer": "//evil.example"}, {"Accept-Encoding": "br;q=NaN"}, {"X-Forwarded-For": "not, an, address"}, {"User-Agent": "\xe3" * 9},
)  # fmt: skip
ENDS = (
    "/",
    "/..",
    "%00",
    "%ff",
    "?page=-1",
    "?page=9999999999999999999",
    "?q=%00",
    "?q=%ff",
    "?tab=x&tab=y",
    "?lang=xx",
    "?" + "a=1&" * 200,
)


def value(rng: Random) -> Any:
    """The value of one field: a text, now and then a file or several values."""
    kind = rng.random()
    if kind < 0.12:
        content = rng.choice([b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff" * 900, b"{}"])
        return (io.BytesIO(content), rng.choice(["a.png", "", "../x", "表\u202egnp.exe", "n" * 500]))
    if kind < 0.2:
        return [rng.choice(TEXTS) for _ in range(3)]
    return rng.choice(TEXTS)


def body(rng: Random, names: list[str], token: str) -> tuple[bytes, str]:
    """A body and its type. Most are forms with the right token, so that they come as far as the view."""
    kind = rng.random()
    fields = {name: value(rng) for name in rng.sample(names, min(len(names), rng.randrange(1, 9)))}
    if kind < 0.6:
        return encode(fields | {"csrf_token": token})
    texts = {name: text for name, text in fields.items() if isinstance(text, str)} | {"csrf_token": token}
    if kind < 0.8:
        return urlencode(texts, errors="surrogatepass").encode(), TYPES[rng.randrange(2)]
    if kind < 0.9:  # a form that was cut off on its way
        whole, content_type = encode(fields | {"csrf_token": token})
        return whole[: rng.randrange(len(whole))], content_type
    return rng.choice(RAW), rng.choice(TYPES)


def path(rng: Random, address: str) -> str:
    """The address, or one that is almost it."""
    if rng.random() < 0.7:
        return address
    parts = address.split("/")
    if len(parts) > 2 and rng.random() < 0.6:
        parts[rng.randrange(2, len(parts))] = quote(rng.choice(TEXTS)[:800], safe="")
        return "/".join(parts)
    return address + rng.choice(ENDS)
