"""Patterns of texts, as regular expressions of RE2: their time is bounded whatever a definition asks for."""

from functools import cache, lru_cache

from cel_expr_python import cel


def matches(text: str, pattern: str) -> bool:
    """Whether a part of the text fits the pattern. ValueError for what is no pattern."""
    result = _matching().eval(data={"text": text, "pattern": pattern})
    if result.type() != cel.Type.BOOL:
        raise ValueError(str(result.value()))
    return bool(result.value())


def fits(text: str, pattern: str) -> bool:
    """Whether the whole text fits the pattern. ValueError for what is no pattern."""
    return matches(text, rf"\A(?:{pattern})\z")


@lru_cache(maxsize=256)
def is_pattern(pattern: str) -> bool:
    """Whether a text is a pattern."""
    try:
        matches("", pattern)
    except ValueError:
        return False
    return True


@cache
def _matching() -> cel.Expression:
    environment = cel.NewEnv(variables={"text": cel.Type.STRING, "pattern": cel.Type.STRING})
    return environment.compile("text.matches(pattern)")
