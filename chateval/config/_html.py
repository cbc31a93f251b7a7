"""The one place where HTML is made safe: text from the researcher's files, and nobody else's, is shown as HTML."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

_TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "br",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
    }
    | {"sub", "sup", "u", "var"}
    | {"blockquote", "details", "div", "figcaption", "figure", "hr", "img", "p", "pre", "summary"}
    | {"h2", "h3", "h4", "h5", "h6", "dd", "dl", "dt", "li", "ol", "ul"}
    | {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title"},
    "a": {"href"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ATTRIBUTES |= {heading: {"id"} for heading in _HEADINGS}
HELP = "help-"
"""What ids of headings begin with, so that no text can take the id of something of the page's own."""

_WRAPPERS = frozenset({"h1", "html", "head", "body", "meta", "title"})


@dataclass(frozen=True)
class CleanHtml:
    """HTML that can be put into the page, and what was left out of it."""

    html: str
    dropped: tuple[str, ...]
    """Tags and attributes, as in `<script>` and `style=`, sorted."""


def clean_html(html: str) -> CleanHtml:
    """Keep formatting, lists, tables, links, and images from https or from beside the page; drop all else.

    What runs, styles or embeds is dropped. The page has its own h1, so one in the text becomes an h2. Links open beside
    the page, so that nobody loses their place. Headings keep their ids, with `help-` before them, to be led to.
    """
    audit = _Audit()
    audit.feed(html)
    audit.close()
    lowered = re.sub(r"(</?)h1\b", r"\1h2", html, flags=re.IGNORECASE)
    cleaned = nh3.clean(
        lowered,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        clean_content_tags={"script", "style", "title"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return CleanHtml(cleaned.strip(), tuple(sorted(audit.dropped)))


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return HELP + value.removeprefix(HELP)
    is_foreign = re.match(r"\s*(?!https:)([a-z][a-z0-9+.-]*:|//)", value, re.IGNORECASE) is not None
    return None if (tag, name) == ("img", "src") and is_foreign else value


class _Audit(HTMLParser):
    """Notes what cleaning will drop, so that it can be said."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _WRAPPERS:
            return
        if tag not in _TAGS:
            self.dropped.add(f"<{tag}>")
            return
        allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, set())
        kept_apart = {"rel", "target"} if tag == "a" else set()
        self.dropped |= {f"{name}=" for name, _ in attrs if name not in allowed | kept_apart}
        self.dropped |= {f"{name}={value}" for name, value in attrs if _filter(tag, name, value or "") is None}
