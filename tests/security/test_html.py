"""The researcher's HTML, beyond what `tests/config/test_html.py` shows: what has got past sanitisers elsewhere."""

import pytest

from chateval.config import clean_html

ATTACKS = [
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<form action="https://evil.example"><button formaction="javascript:alert(1)">x</button></form>',
    '<input autofocus onfocus="alert(1)">',
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img srcset="https://evil.example/x 1x" src="x">',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="vbscript:x" target="_self">x</a>',
    '<a href="blob:https://x/1">x</a>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<style>@import 'https://evil.example/x.css';</style>",
    '<details open ontoggle="alert(1)">x</details>',
    '<video><source onerror="alert(1)"></video>',
    '<object data="x.swf"></object><embed src="x"><applet code="x">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></p></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<p/onclick=alert(1)>x</p>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
]
FORBIDDEN_TAGS = "script svg math style meta base link form input button iframe object embed applet video template"


@pytest.mark.parametrize("html", ATTACKS)
def test_nothing_that_runs_loads_or_leads_astray_gets_through(html: str) -> None:
    """A study's texts come from many hands, and every participant's browser would run them."""
    clean = clean_html(html).html.lower()

    assert not [tag for tag in FORBIDDEN_TAGS.split() if f"<{tag}" in clean]
    inside = " ".join(part.partition(">")[0] for part in clean.split("<")[1:])  # what stands in tags, not in text
    for piece in ("onerror", "onload", "onclick", "onfocus", "ontoggle", "javascript:", "vbscript:", "data:", "blob:"):
        assert piece not in inside.replace("\t", "")
    assert "style=" not in inside
    assert "srcset=" not in inside


@pytest.mark.parametrize("html", ATTACKS)
def test_what_was_cleaned_stays_as_it_is(html: str) -> None:
    """A text that changes when it is cleaned again is read differently by different parsers: the way in."""
    once = clean_html(html).html

    assert clean_html(once).html == once
