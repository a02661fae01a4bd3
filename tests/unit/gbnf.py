"""A reference reader of the grammars that drafting makes: no rule calls itself, so each is a regular expression.

It is written from the format's description and shares nothing with the code that makes the grammars.
"""

import re

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<set>\[[^\]]*\](?:\{\d+,\d+\})?)|(?P<name>[a-z]+\d*)|(?P<or>\|))'
)


def pattern(grammar: str) -> str:
    """The regular expression of all that `root` admits. Raises `ValueError` for what is no grammar."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines() if line)
    return _expression(rules["root"], rules, 0)


def admits(grammar: str, text: str) -> bool:
    """Whether the grammar admits exactly this text."""
    return re.fullmatch(pattern(grammar), text) is not None


def literals(grammar: str) -> list[str]:
    """Every piece of text that the grammar spells out."""
    return [_plain(found["text"]) for found in _TOKEN.finditer(grammar) if found["text"]]


def _expression(body: str, rules: dict[str, str], depth: int) -> str:
    if depth > 40:
        raise ValueError("a rule calls itself")
    made, at = "", 0
    while at < len(body.rstrip()):
        found = _TOKEN.match(body, at)
        if found is None:
            raise ValueError("not a grammar")
        at = found.end()
        if found["text"]:
            made += re.escape(_plain(found["text"]))
        elif found["set"]:
            made += found["set"]
        elif found["or"]:
            made += "|"
        else:
            made += _expression(rules[found["name"]], rules, depth + 1)
    return f"(?:{made})"


def _plain(literal: str) -> str:
    return literal[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
