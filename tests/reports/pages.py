# SPDX-License-Identifier: Apache-2.0
"""What must hold of the pages that people read, whatever text events bring."""
import html.parser
import re

VOID = {"meta", "br", "line", "circle", "rect", "path"}  # SVG shapes without content close themselves
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "b",
           "br", "dl", "dt", "dd", "div", "span", "i", "time", "code", "pre", "details", "summary", "table",
           "tr", "th", "td", "footer", "svg", "text", "line", "circle", "rect", "path", "ul", "li"}
ATTRIBUTES = {"class", "lang", "charset", "http-equiv", "content", "name", "title", "viewbox", "role",
              "aria-label", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "width", "height",
              "text-anchor", "transform", "colspan"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.text = []
        self.style = ""
        self.tags = set()
        self.policy = ""

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, f"tag {tag}"
        self.tags.add(tag)
        for name, value in attrs:
            assert name in ATTRIBUTES, f"attribute {name} of {tag}"
            if name == "http-equiv":
                self.policy = dict(attrs)["content"]
        if tag not in VOID or tag in ("circle", "path", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> inside {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        self.text.append(data)


def check_html(text, hostile):
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, f"left open: {page.open}"
    assert "default-src 'none'" in page.policy, page.policy
    assert "url(" not in page.style and "@import" not in page.style
    assert "svg" in page.tags
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]", text)
    shown = "".join(page.text)
    for word in hostile:
        assert word in shown, f"not shown as text: {word}"


def check_markdown(text, hostile):
    lines = text.splitlines()
    assert lines[0].startswith("# Incident ")
    without_code = re.sub(r"(?<!\\)(`+) .*? \1(?!`)|`[0-9a-f]{32}`", "CODE", text)
    for line in without_code.splitlines():
        plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        assert not re.search(r"<[a-zA-Z/!]", plain), f"live tag: {line}"
        assert "](" not in plain and "![" not in plain, f"live link: {line}"
        assert "://" not in plain, f"live URL: {line}"
    for row in (line for line in lines if line.startswith("|")):
        assert row.endswith("|"), row
    bare = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    for word in hostile:
        assert word in bare, f"not shown: {word}"
