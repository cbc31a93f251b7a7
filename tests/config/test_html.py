"""HTML from the researcher's files."""

import pytest

from chateval.config import clean_html


def test_ordinary_formatting_stays() -> None:
    """Researchers write instructions with all of these."""
    html = '<h2>A</h2><p class="x"><b>b</b> <em>c</em></p><ul><li>d</li></ul><details><summary>e</summary>f</details>'
    table = '<table><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table>'
    assert clean_html(html + table).html == html + table
    assert clean_html(html + table).dropped == ()


def test_a_first_heading_becomes_a_second() -> None:
    """The page has its own, and a screen reader counts on there being one."""
    assert clean_html('<H1 class="x">A</H1>').html == '<h2 class="x">A</h2>'


@pytest.mark.parametrize(
    ("html", "clean", "dropped"),
    [
        ("<script>alert(1)</script>x", "x", "<script>"),
        ("<style>p {color: red}</style>x", "x", "<style>"),
        ('<p onclick="x()">x</p>', "<p>x</p>", "onclick="),
        ('<p style="color: red">x</p>', "<p>x</p>", "style="),
        ('<iframe src="https://example.org"></iframe>x', "x", "<iframe>"),
        ("<form><input></form>x", "x", "<form>"),
        ('<img src="http://example.org/a.png" alt="a">', '<img alt="a">', "src=http://example.org/a.png"),
        ('<img src="//example.org/a.png" alt="a">', '<img alt="a">', "src=//example.org/a.png"),
        ('<img src="data:image/svg+xml,x" alt="a">', '<img alt="a">', "src=data:image/svg+xml,x"),
    ],
)
def test_what_runs_styles_or_embeds_goes_and_is_named(html: str, clean: str, dropped: str) -> None:
    """A study's texts come from many hands."""
    result = clean_html(html)
    assert result.html == clean
    assert dropped in result.dropped


@pytest.mark.parametrize("link", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_runs_something_goes(link: str) -> None:
    """The oldest way around a sanitiser."""
    assert "href" not in clean_html(f'<a href="{link}">x</a>').html


def test_a_link_opens_beside_the_page() -> None:
    """Nobody should lose their place, or hand their page to another site."""
    html = clean_html('<a href="https://example.org">x</a>').html
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize("source", ["https://example.org/a.png", "images/a.png", "/images/a.png"])
def test_an_image_may_be_shown(source: str) -> None:
    """From https, or from beside the page."""
    assert clean_html(f'<img src="{source}" alt="a">').html == f'<img src="{source}" alt="a">'


def test_a_heading_keeps_its_id_under_a_prefix() -> None:
    """Help leads to it, and no text can take the id of something of the page's own."""
    assert (
        clean_html('<h3 id="root">A</h3><h1 id="help-b">B</h1>').html
        == '<h3 id="help-root">A</h3><h2 id="help-b">B</h2>'
    )
    assert clean_html('<h3 id="root">A</h3>').dropped == ()
    assert clean_html('<p id="root">A</p>') == clean_html('<p id="x">A</p>')
