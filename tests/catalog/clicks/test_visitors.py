"""A request's own words tell phone, tablet and desk apart, the system, and the language its reader reads first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.clicks.visitors import FORMS, SYSTEMS, Device, device, language

_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
_IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_WEBKIT}"
_MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT}"


def _android(model: str, rest: str) -> str:
    return f"Mozilla/5.0 (Linux; Android 14; {model}) {_BLINK} Chrome/130.0.0.0 {rest}Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "form", "system"),
    [
        pytest.param(f"{_IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "phone", "ios", id="Safari on an iPhone"),
        pytest.param(f"{_IPHONE} CriOS/130.0.6723.37 Mobile/15E148 Safari/604.1", "phone", "ios", id="Chrome there"),
        pytest.param(f"{_IPHONE} Mobile/15E148 Instagram 355.0 (iPhone15,2)", "phone", "ios", id="an app's browser"),
        pytest.param("Instagram 355.0 (iPhone15,2; iOS 18_1; de_DE)", "phone", "ios", id="an app by itself"),
        pytest.param(
            f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {_WEBKIT} Version/12.1 Mobile/15E148 Safari/604.1",
            *("tablet", "ios"),
            id="an old iPad",
        ),
        pytest.param(f"{_MAC} Version/18.1 Safari/605.1.15", "desktop", "macos", id="a Mac, or an iPad that says so"),
        pytest.param(f"{_MAC} CriOS/130 Version/11.1.1 Safari/605.1.15", "tablet", "ios", id="Chrome on an iPad"),
        pytest.param(f"{_MAC} Mobile/15E148 [FBAN/FBIOS;FBDV/iPad13,4]", "tablet", "ios", id="an app on an iPad"),
        pytest.param(_android("K", "Mobile "), "phone", "android", id="an Android phone"),
        pytest.param(_android("SM-S921B; wv", "Mobile "), "phone", "android", id="an app's browser on Android"),
        pytest.param(_android("K", ""), "tablet", "android", id="an Android tablet"),
        pytest.param(_android("SM-X710", "Mobile "), "tablet", "android", id="a tablet that says Mobile"),
        pytest.param(_android("KFTRWI", ""), "tablet", "android", id="a Fire tablet"),
        pytest.param(
            "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "phone", "android", id="fx"
        ),
        pytest.param(
            "Mozilla/5.0 (Android 15; Tablet; rv:132.0) Gecko/132.0 Firefox/132.0", "tablet", "android", id="fx tablet"
        ),
        pytest.param("Opera/9.80 (Android; Opera Mini/83/191; U; en) Presto/2.12", "phone", "android", id="Opera Mini"),
        pytest.param("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "", "android", id="an Android app by itself"),
        pytest.param(_android("BRAVIA 4K", ""), "", "android", id="a television"),
        pytest.param("Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) TV Safari/537.36", "", "", id="another television"),
        pytest.param(
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Chrome/130.0 Safari/537.36 Edg/130.0",
            *("desktop", "windows"),
            id="Edge",
        ),
        pytest.param(
            "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Lumia 950) Mobile Edge/15", "phone", "windows", id="Lumia"
        ),
        pytest.param("Mozilla/5.0 (Windows NT 10.0; Xbox; Xbox Series X) Edge/44", "", "windows", id="a console"),
        pytest.param("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0", "desktop", "linux", id="Linux"),
        pytest.param(f"Mozilla/5.0 (X11; CrOS x86_64 16033.0) {_BLINK} Chrome/130.0", "desktop", "", id="a Chromebook"),
        pytest.param("Mozilla/5.0 (X11; FreeBSD amd64; rv:132.0) Firefox/132.0", "desktop", "", id="FreeBSD"),
        pytest.param("Mozilla/5.0 (Mobile; Nokia_2720; rv:48.0) Firefox/48.0 KAIOS/2.5", "phone", "", id="KaiOS"),
        pytest.param("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile", "phone", "", id="HarmonyOS"),
        pytest.param("Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/)", "", "", id="a bot"),
        pytest.param("curl/8.10.1", "", "", id="a tool"),
        pytest.param("", "", "", id="silence"),
    ],
)
def test_the_device_is_told_from_its_user_agent(agent: str, form: str, system: str) -> None:
    assert device(agent) == Device(form, system)


@settings(deadline=None)
@given(st.text(max_size=600))
def test_whatever_stands_there_gives_a_known_form_and_system(agent: str) -> None:
    found = device(agent)
    assert found.form in ("", *FORMS)
    assert found.system in ("", *SYSTEMS)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("EN-us", "en"),
        ("zh-Hant-TW;q=1.0, en;q=0.9", "zh"),
        ("fil-PH, en", "fil"),
        ("*;q=0.5, it;q=0.1", "it"),
        ("en;q=0, nl;q=.2", "nl"),
        ("de;q=7, pl;q=0.4", "pl"),
        ("de;v=1", ""),
        ("*", ""),
        ("deutsch", ""),
        (", ,;", ""),
        ("", ""),
    ],
)
def test_the_language_wanted_most_counts(accepted: str, expected: str) -> None:
    assert language(accepted) == expected


@settings(deadline=None)
@given(st.text(max_size=600))
def test_no_header_breaks_the_reading_of_languages(accepted: str) -> None:
    found = language(accepted)
    assert not found or (found.isascii() and found.islower() and 2 <= len(found) <= 3)
