"""Evidence that would act if it could: in no output does a script run, an image load, a foreign link lead out or a terminal obey."""

from __future__ import annotations

import html as entities
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pm_agent import Report, Settings, draft, render
from pm_agent.cli import main
from pm_agent.cli.output import summary
from pm_agent.rendering import TEMPLATES
from pm_agent.rendering.markdown import escape
from pm_agent.rendering.plain import visible

HOSTILE = (
    "<script>alert(1)</script> users report errors", "<img src=x onerror=alert(1)> site is down", "[click](javascript:alert(1)) users report errors",
    "![pixel](https://evil.example/p.png) checkout is down", "<https://evil.example/a> users can't pay", "see https://evil.example/b and www.evil.example errors everywhere",
    "[ref]: https://evil.example/c \"t\" users report errors", "=cmd|' /C calc'!A0 users report errors", "+SUM(1+1) errors, users can't pay", "@SUM(A1) users report errors",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 users report errors", "bell\x07 and back\x08space and \x9b31m users report errors",
    "turned \u202egnp.exe\u202c users report errors", "zero\u200bwidth errors for users", "| a | b |\n|---|---|\n# heading\n> quote users report errors",
    "```\n</code></pre><script>alert(2)</script> users report errors", "&lt;script&gt;alert(3)&lt;/script&gt; users report errors", "<a href=\"data:text/html,<script>alert(4)</script>\">x</a> users report errors",
    "\"><svg/onload=alert(5)> users report errors", "--> <!-- users report errors", "]]> users report errors", "{{ 7*7 }} {% for x in y %} users report errors", "<details open ontoggle=alert(6)> users report errors",
    "$\\href{javascript:alert(7)}{x}$ users report errors", "<style>@import 'https://evil.example/x.css'</style> users report errors", "mailto:evil@evil.example users report errors",
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A draft in which every hostile text is a line of the evidence, a row, a name or a file."""
    folder = tmp_path_factory.mktemp("hostile")
    chat = ["[10:00] Ana Ruiz: deployed checkout v2"]
    for number, text in enumerate(HOSTILE):
        flat = text.replace("\n", " ")
        chat.append(f"[10:{number + 1:02d}] Guest: {flat}")
    chat += [
        "[10:40] Ana Ruiz: found it: <b onclick=alert(8)>bad pool size</b> in checkout v2",
        "[10:45] Ana Ruiz: rolled back checkout v2, all good now",
        "[10:50] Ana Ruiz: action: <script>alert(9)</script> add an alert by 2026-03-11",
    ]
    (folder / "<img src=x onerror=alert(10)>=cmd.txt").write_text("\n".join(chat), encoding="utf-8")
    given_ = Settings.model_validate(
        {"date": "2026-03-04", "timezone": "UTC", "all_evidence": True, "lang": "en"}
    )
    made = draft(folder, given_)
    assert len(made.evidence) > 20
    return made


class Page(HTMLParser):
    """Everything in a page that could act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    handle_startendtag = handle_starttag

    @property
    def acting(self) -> list[str]:
        bad = {
            "script",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "img",
            "audio",
            "video",
            "foreignobject",
            "animate",
            "set",
            "use",
        }
        found = [tag for tag, _ in self.tags if tag in bad]
        found += [
            f"{t} {a}"
            for t, at in self.tags
            for a in at
            if a.startswith("on") or a in {"srcdoc", "style", "formaction", "ping"}
        ]
        return found + [
            f"{t} {u}"
            for t, at in self.tags
            for a in ("href", "src", "xlink:href", "action")
            if (u := at.get(a)) and not u.startswith("#")
        ]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("flavour", ["commonmark", "default"])
def test_rendered_markdown_has_no_script_no_image_and_no_foreign_link(
    report: Report, template: str, flavour: str
) -> None:
    text = render(report, "md", template)
    rendered = MarkdownIt(flavour, {"html": True}).enable("table").render(text)
    assert Page(rendered).acting == []
    anchors = [at for tag, at in Page(rendered).tags if tag == "a" and "href" not in at]
    assert all(set(at) <= {"id"} for at in anchors)


def test_nothing_in_markdown_is_left_for_a_renderer_to_make_a_link_of(report: Report) -> None:
    """GitHub makes links of bare addresses; a backslash stops it."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", render(report, "md"), flags=re.S)
    assert re.findall(r"\bhttps?://\S+|\bwww\.\S+|(?<!\\)!\[", text) == []


def test_the_page_acts_in_nothing_and_says_so_in_its_policy(report: Report) -> None:
    text = render(report, "html")
    page = Page(text.replace('<link rel="icon" href="data:,">', ""))  # an icon that is nowhere fetched
    assert page.acting == []
    policy = next(
        at["content"]
        for tag, at in page.tags
        if at.get("http-equiv", "").lower() == "content-security-policy"
    )
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("format", ["md", "html", "json", "confluence"])
def test_no_output_holds_a_control_code_or_turns_its_text(report: Report, format: str) -> None:
    text = render(report, format)
    assert (
        re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", entities.unescape(text))
        == []
    )


@pytest.mark.parametrize("command", ["timeline", "draft", "lint", "actions", "collect"])
def test_what_goes_to_the_terminal_has_no_control_codes(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a\x1b[31m\u202ex.txt"
    (tmp_path / name).write_text(
        "[10:02] Ana\x1b[2J: users report errors\x07\n[10:03] Bob: \u202eok all good\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as done:
        main([command, name, *(["--date", "2026-03-04"] if command != "lint" else [])])
    shown = "".join(capsys.readouterr())
    assert done.value.code in {0, 1, 2}
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown) == []


def test_the_summary_has_no_control_codes(report: Report) -> None:
    assert [line for line in summary(report, []) if not line.replace("→", "").isprintable()] == []


@settings(max_examples=300)
@given(
    st.text(max_size=60)
    | st.sampled_from(HOSTILE)
    | st.text(alphabet="[]()<>!*_`#|\\&;:/.hw\n -=+~^\"'", max_size=40)
)
def test_whatever_is_escaped_comes_out_as_text(text: str) -> None:
    """What a reader sees is what the evidence says, and nothing else is made of it."""
    rendered = (
        MarkdownIt("commonmark", {"html": True})
        .enable(["table", "strikethrough"])
        .render(f"x {escape(text)}\n")
    )
    assert re.sub(r"</?p>", "", rendered).count("<") == 0, rendered
    assert "".join(entities.unescape(re.sub(r"</?p>", "", rendered)).split()) == "x" + "".join(
        visible(text).split()
    )
