"""The HTML page as a real browser shows it: links, console, requests, width, colours, paper, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pm_agent import Settings, draft
from pm_agent.language import LANGUAGES
from pm_agent.rendering import render
from rendering.sample import report

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out" / "browser"
SIZES = {380: 800, 1280: 900}
NAMES = ["zh", "dns-zone-push", "dacu-rongliang"]
EACH = [(name, width) for name in NAMES for width in SIZES]
EVIL = '<script>window.hit = 1</script><img src="https://example.invalid/x" onerror="window.hit = 2">'


@cache
def source(name: str) -> str:
    if name in LANGUAGES:
        return render(report(name), "html")  # type: ignore[arg-type]
    return render(draft([ROOT / "evals" / "incidents" / name], Settings()), "html")


class Seen:
    """A page that is open, and what it said and asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        self.failed: dict[str, str | None] = {}
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("requestfailed", lambda request: self.failed.update({request.url: request.failure}))
        page.on("request", lambda request: self.asked.append(request.url))

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)


@contextmanager
def opened(browser: Any, html: str, folder: Path, width: int = 1280, **context: Any) -> Iterator[Seen]:
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8")
    made = browser.new_context(viewport={"width": width, "height": SIZES[width]}, **context)
    seen = Seen(made.new_page())
    seen.page.goto(path.as_uri())
    yield seen
    made.close()


@pytest.fixture(scope="module", params=EACH, ids=lambda each: f"{each[0]}-{each[1]}")
def view(
    browser: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Seen]:
    """One report at one width, opened once for all who only look."""
    name, width = request.param
    with opened(browser, source(name), tmp_path_factory.mktemp("view"), width) as seen:
        OUT.mkdir(parents=True, exist_ok=True)
        seen.page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
        yield seen


def test_it_says_nothing_and_asks_for_nothing(view: Seen) -> None:
    assert view.said == []
    assert [url for url in view.asked if not url.startswith("data:")] == [view.page.url]


def test_it_fits_its_width(view: Seen) -> None:
    assert view.ask("document.documentElement.scrollWidth") == view.page.viewport_size["width"]
    wide = view.ask(
        "[...document.body.querySelectorAll('*')].filter(e => !e.closest('thead, .skip') &&"
        " e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))"
    )
    assert wide == []


def test_the_incident_fits_the_first_screen(view: Seen) -> None:
    """Severity, durations, the sentence and the scope of the impact are seen without scrolling."""
    bottom = view.ask("document.querySelector('.impact li').getBoundingClientRect().bottom")
    assert 0 < bottom <= view.page.viewport_size["height"]


def test_every_link_leads_to_something_visible(view: Seen) -> None:
    assert view.ask("document.querySelectorAll('a').length") > 50
    lost = view.ask(
        "[...document.querySelectorAll('a')].filter(a => { const href = a.getAttribute('href');"
        " const to = document.getElementById(href.slice(1));"
        " return href[0] !== '#' || !to || !to.getClientRects().length; }).map(a => a.outerHTML)"
    )
    assert lost == []


def test_labels_of_the_picture_do_not_collide(view: Seen) -> None:
    """Measured with the fonts that this machine has."""
    measure = """() => { const all = [...document.querySelectorAll('svg.picture text')].filter(e => e.getClientRects().length);
      const svg = all[0].closest('svg').getBoundingClientRect(), found = [];
      all.forEach((a, i) => { const r = a.getBoundingClientRect();
        if (r.left < svg.left - 1 || r.right > svg.right + 1 || r.bottom > svg.bottom + 1) found.push('out: ' + a.textContent);
        all.slice(i + 1).forEach(b => { const s = b.getBoundingClientRect();
          if (r.left < s.right && s.left < r.right && r.top + 2 < s.bottom - 2 && s.top + 2 < r.bottom - 2)
            found.push(a.textContent + ' / ' + b.textContent); }); });
      return [all.length, found]; }"""
    count, collisions = view.ask(measure)
    assert count > 10
    assert collisions == []


@pytest.mark.parametrize("width", SIZES)
def test_a_citation_jumps_to_its_line_and_the_line_back(browser: Any, tmp_path: Path, width: int) -> None:
    there = "(id => { const r = document.getElementById(id).getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; })"
    with opened(browser, source("zh"), tmp_path, width) as seen:
        seen.page.locator("#t-T04 a.cite").first.click()
        line = seen.ask("location.hash.slice(1)")
        assert line.startswith("e-")
        assert seen.ask(f"{there}('{line}')")
        seen.page.locator(f"#{line} .back a", has_text="T04").click()
        assert seen.ask("location.hash") == "#t-T04"
        assert seen.ask(f"{there}('t-T04')")
        seen.page.locator("svg.picture:visible a[href='#t-T06']").focus()
        seen.page.keyboard.press("Enter")
        assert seen.ask("location.hash") == "#t-T06"


def test_a_script_in_the_evidence_is_text(browser: Any, tmp_path: Path) -> None:
    made = report("en")
    line = {**made.evidence[0].model_dump(), "text": EVIL}
    html = render(report("en", evidence=[line, *made.evidence[1:]], title=EVIL), "html")
    with opened(browser, html, tmp_path) as seen:
        assert seen.ask("window.hit") is None
        assert seen.said == []
        assert "window.hit = 1" in seen.ask("document.querySelector('h1').textContent")
        assert seen.ask("document.querySelectorAll('script, img').length") == 0


def test_the_policy_stops_what_escaping_would_let_through(browser: Any, tmp_path: Path) -> None:
    """The second wall: raw markup put into the page by hand neither runs nor loads anything."""
    raw = EVIL + "<style>body { color: red }</style><p style='color: red' onclick='window.hit = 3'>x</p>"
    html = source("en").replace("<main>", f"<main>{raw}", 1)
    with opened(browser, html, tmp_path) as seen:
        assert seen.ask("window.hit") is None
        assert seen.failed == {"https://example.invalid/x": "csp"}
        assert seen.ask("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
        assert seen.ask("getComputedStyle(document.querySelector('main > p')).color") != "rgb(255, 0, 0)"
        assert len([text for text in seen.said if "Content Security Policy" in text]) >= 4


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_follows_the_readers_colours(browser: Any, tmp_path: Path, scheme: str, dark: bool) -> None:
    with opened(browser, source("dacu-rongliang"), tmp_path, color_scheme=scheme) as seen:
        seen.page.screenshot(path=OUT / f"dacu-rongliang-1280-{scheme}.png")
        brightness = "(c => c.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0))(getComputedStyle(document.body).%s)"
        assert (seen.ask(brightness % "backgroundColor") < 150) is dark
        assert (seen.ask(brightness % "color") > 600) is dark


def test_paper_is_light_and_holds_everything_but_the_contents(browser: Any, tmp_path: Path) -> None:
    with opened(browser, source("dacu-rongliang"), tmp_path, color_scheme="dark") as seen:
        seen.page.emulate_media(media="print")
        seen.page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
        assert (
            seen.ask("getComputedStyle(document.documentElement).getPropertyValue('--bg')").strip() == "#fff"
        )
        assert seen.ask("document.documentElement.scrollWidth") <= 690
        assert not seen.page.locator("nav").is_visible()
        assert seen.page.locator("svg.picture.wide").is_visible()
        assert seen.ask("getComputedStyle(document.querySelector('td')).display") == "table-cell"
        assert seen.ask("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
        assert "[" in seen.ask("getComputedStyle(document.querySelector('a.cite'), '::before').content")
        paper = seen.page.pdf(path=OUT / "dacu-rongliang.pdf", format="A4")
        assert paper.startswith(b"%PDF")


AXE_VIEWS = [
    ("en", 380, "dark"),
    ("zh", 1280, "light"),
    ("dns-zone-push", 1280, "dark"),
    ("dacu-rongliang", 380, "light"),
]


@pytest.mark.parametrize(("name", "width", "scheme"), AXE_VIEWS)
def test_axe_finds_nothing(
    browser: Any, axe: str, tmp_path: Path, name: str, width: int, scheme: str
) -> None:
    with opened(browser, source(name), tmp_path, width, color_scheme=scheme, bypass_csp=True) as seen:
        seen.page.add_script_tag(content=axe)
        result = seen.ask("axe.run(document, { resultTypes: ['violations'] })")
        found = [(v["id"], v["nodes"][0]["html"][:200], len(v["nodes"])) for v in result["violations"]]
        assert found == []
        assert {"color-contrast", "heading-order", "link-name"} <= {p["id"] for p in result["passes"]}


def test_axe_would_have_found_something(browser: Any, axe: str, tmp_path: Path) -> None:
    html = source("en").replace("<main>", '<main><h5></h5><p><a href="#x"></a></p>', 1)
    with opened(browser, html, tmp_path, bypass_csp=True) as seen:
        seen.page.add_script_tag(content=axe)
        result = seen.ask("axe.run(document, { resultTypes: ['violations'] })")
        assert {"empty-heading", "link-name"} <= {v["id"] for v in result["violations"]}
