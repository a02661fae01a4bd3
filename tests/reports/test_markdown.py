"""Markdown in which a value is text and nothing else, as readers of three dialects see it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from notekeeper.reports.markdown import markdown_text, report_markdown
from notekeeper.reports.phrases import block, line

from .ordinary import ordinary_report
from .test_outputs import HOSTILE, filled_report

READERS = {
    "CommonMark": MarkdownIt("commonmark"),
    "with tables, lines through and raw HTML": MarkdownIt("js-default", {"html": True}),
    "with links without brackets": MarkdownIt("gfm-like", {"html": True}),
}
MEANT = (
    "# a heading",
    "- an item",
    "+ an item",
    "* an item",
    "1. an item",
    "12) an item",
    "> a quotation",
    "---",
    "***",
    "===",
    "```",
    "~~~ sh",
    "    code",
    "a | b",
    "|---|---|",
    "[a link](http://example.invalid)",
    "[a link][1]",
    "[1]: http://example.invalid",
    "![a picture](http://example.invalid/a.png)",
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "<!-- a comment -->",
    "<http://example.invalid>",
    "http://example.invalid",
    "www.example.invalid",
    "example.com",
    "somebody@example.com",
    "mailto:somebody@example.com",
    "*stress* and **more** and _so_ and ~~out~~",
    "`code`",
    "a\\",
    "&lt;b&gt; &amp; &#35;",
    "$x^2$ and $$y$$",
    "[ ] to do",
    "[x] done",
    "[^1]",
    ":smile:",
    ": defined",
    "#tag ==marked== %%hidden%% [[a page]] {.a}",
    "line one\n\n# heading\n- item",
)
SPOKEN = {"text", "html_inline", "html_block", "code_inline", "text_special"}


def tokens(reader: MarkdownIt, text: str) -> Iterator[Token]:
    for token in reader.parse(text):
        yield token
        yield from token.children or ()


def shape(reader: MarkdownIt, text: str) -> list[str]:
    """What the text is made of, without its words; what is split in two is one."""
    kinds = [token.type for token in tokens(reader, text)]
    return [kind for place, kind in enumerate(kinds) if kind != "text" or kinds[place - 1 : place] != ["text"]]


def said(reader: MarkdownIt, text: str) -> str:
    return "".join(token.content for token in tokens(reader, text) if token.type in SPOKEN)


def test_the_ordinary_report_is_made_of_headings_lists_and_tables() -> None:
    for name, reader in READERS.items():
        text = report_markdown(ordinary_report(2))
        kinds = [token.type for token in tokens(reader, text)]
        assert kinds.count("heading_open") > 20
        assert ("table_open" in kinds) == (name != "CommonMark")
        assert not {"link_open", "image", "fence", "code_block", "html_block", "blockquote_open", "hr"} & set(kinds)
        assert set(re.findall(r"<[^>]*>", text)) == {"<br>"}


@pytest.mark.line(23)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("text", [*MEANT, HOSTILE])
def test_a_value_adds_nothing_to_the_text_it_stands_in(reader: MarkdownIt, text: str) -> None:
    lines = "\n".join("It" for _ in block(text))
    plain = shape(reader, report_markdown(filled_report(lines, "Saying no")))
    made = report_markdown(filled_report(text, "Saying no"))
    assert shape(reader, made) == plain
    assert line(text) in said(reader, made)


@pytest.mark.line(23)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=st.text(st.sampled_from("ab1 .)(-+*_#>|`~[]!<&\\=:/@\n$x"), max_size=14))
@settings(max_examples=120, deadline=None)
def test_any_text_is_read_as_itself(reader: MarkdownIt, text: str) -> None:
    for before in ("", "- ", "| ", "**", "1. "):
        after = {"| ": " | b |\n|---|---|\n", "**": "** x"}.get(before, "")
        if before == "**" and not text.strip():
            continue
        made = f"{before}{markdown_text(text)}{after}\n"
        assert shape(reader, made) == shape(reader, f"{before}{'It' if line(text) else ''}{after}\n"), made
        assert line(text) in said(reader, made)
