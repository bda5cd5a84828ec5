"""The grade while somebody types is the one the server counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from hearback.stats.readability import readability
from places import ROOT

pytestmark = pytest.mark.functional

SCRIPT = ROOT / "src/hearback/design/static/hearback/grade.js"
PAGE = """<textarea id="box" lang="{language}"></textarea><div data-grade-of="box"><p role="status"></p>
<span hidden data-says="flesch-kincaid">{{score}}</span><span hidden data-says="fernandez-huerta">{{score}}</span>
<span hidden data-says="lix">{{score}}</span><span hidden data-says="plain">plain</span>
<span hidden data-says="hard">hard</span><span hidden data-says="very-hard">very-hard</span></div>"""
TEXTS = {
    "en": "I read what you wrote. People's lights were changed, and 3.5 houses “noted” it!\nWe will see… Soon",
    "es": "La policía llegó tarde. ¿Quién averiguó algo en el Paraguay? Hoy no hay ruido.",
    "fr": "L’avenir du quartier nous appartient. Rien n’est décidé, heureusement !",
    "ru": "Спасибо, что рассказали нам. Я прочитал каждое ваше слово.",
    "so": "Waad ku mahadsan tahay su'aashaada. Jawaabtu waa haa.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_browser_and_server_count_alike(language: str, browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(PAGE.format(language=language))
    page.add_script_tag(path=SCRIPT)
    page.fill("#box", TEXTS[language])
    page.wait_for_function("document.querySelector('[role=status]').textContent !== ''")
    expected = readability(TEXTS[language], language=language)
    assert expected is not None
    assert page.inner_text("[role=status]") == f"{expected.score:.0f} {expected.plainness}"
    page.close()


@pytest.mark.parametrize("language", ["zh-hans", "ko", "vi", "ar"])
def test_no_grade_is_made_up_for_a_language_without_formula(language: str, browser: Browser) -> None:
    page = browser.new_page()
    problems: list[object] = []
    page.on("pageerror", lambda problem: problems.append(problem))
    page.set_content(PAGE.format(language=language))
    page.add_script_tag(path=SCRIPT)
    page.fill("#box", "谢谢您告诉我们。")
    page.wait_for_timeout(800)
    assert page.inner_text("[role=status]") == ""
    assert problems == []
    page.close()
