"""One environment for pages and letters: where templates come from, what they escape, how times and links look."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from feedd.errors import RenderError
from feedd.render.templates import (
    breakable,
    clock,
    day,
    environment,
    iso,
    linked,
    local,
    minute,
    relative,
    render,
    site_link,
    weekday,
    zone_name,
)

MORNING = dt.datetime(2026, 5, 6, 10, 30, tzinfo=dt.UTC)


def test_a_template_of_the_operator_comes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "not_found.html.j2").write_text("Gone {{ fishing }}")
    assert render(environment(tmp_path), "not_found.html.j2", "the page", fishing="<today>") == "Gone &lt;today&gt;"


@pytest.mark.parametrize("name", ["a.html", "a.html.j2", "letters/a.html.j2"])
def test_every_kind_of_html_template_escapes_values(name: str, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / name).write_text("{{ value }}")
    assert render(environment(tmp_path), name, "the page", value="<b>") == "&lt;b&gt;"


def test_a_text_template_shows_values_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text("{{ value }}")
    assert render(environment(tmp_path), "a.txt.j2", "the letter", value="R&D <3") == "R&D <3"


@pytest.mark.parametrize("source", ["{{ nobody_gave_this }}", "{% if %}", "{% include 'missing.html.j2' %}"])
def test_a_wrong_template_is_a_render_error_that_names_it(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text(source)
    with pytest.raises(RenderError) as caught:
        render(environment(tmp_path), "a.html.j2", "The index")
    assert caught.value.template == "a.html.j2"
    assert str(caught.value).startswith("The index could not be made (template a.html.j2): ")


def test_a_time_is_shown_by_the_clocks_of_a_zone() -> None:
    there = local(MORNING, "America/St_Johns")
    assert (weekday(there), day(there), clock(there), zone_name(there)) == ("Wednesday", "6 May 2026", "08:00", "NDT")


def test_a_zone_without_letters_is_shown_by_its_offset() -> None:
    assert zone_name(local(MORNING, "Asia/Dubai")) == "UTC+04:00"
    assert zone_name(dt.datetime.fromisoformat("2026-05-06T06:30:00-03:30")) == "UTC−03:30"
    assert zone_name(MORNING) == "UTC"


def test_a_minute_names_day_hour_and_zone() -> None:
    assert minute(local(MORNING, "Asia/Dubai")) == "6 May 2026, 14:30 UTC+04:00"


def test_machines_read_times_in_utc_and_days_as_they_are() -> None:
    assert iso(dt.datetime.fromisoformat("2026-05-06T06:30:00.9-04:00")) == "2026-05-06T10:30:00Z"
    assert iso(dt.date(2026, 5, 6)) == "2026-05-06"


@pytest.mark.parametrize(
    ("path", "here", "link"),
    [
        ("style.css", "releases/2026/05/tin/", "../../../../style.css"),
        ("", "releases/2026/05/tin/", "../../../../index.html"),
        ("releases/2026/05/tin/original.txt", "releases/2026/05/tin/", "original.txt"),
        ("feeds/", "", "feeds/index.html"),
        ("feeds/all.atom", "feeds/", "all.atom"),
        ("", "", "index.html"),
    ],
)
def test_relative_links_lead_from_page_to_file(path: str, here: str, link: str) -> None:
    assert relative(path, here) == link


def test_addresses_in_text_become_links_and_everything_else_is_escaped() -> None:
    made = linked('See www.esk.example.com, <b>"ask"</b> ir@esk.example.com.')
    assert '<a href="https://www.esk.example.com">www.esk.example.com</a>,' in made
    assert '<a href="mailto:ir@esk.example.com">ir@esk.example.com</a>.' in made
    assert "&lt;b&gt;&#34;ask&#34;&lt;/b&gt;" in made


def test_a_script_address_is_never_a_link() -> None:
    assert "<a" not in linked("javascript://www.example.com/%0aalert(1)")
    assert site_link("javascript://x/%0aalert(1)") == "javascript://x/%0aalert(1)"


def test_a_website_is_shown_without_its_scheme() -> None:
    assert site_link("http://esk.example.com/") == '<a href="http://esk.example.com/">esk.example.com</a>'


def test_a_long_address_breaks_after_slashes_and_nowhere_else() -> None:
    assert breakable("https://a.example/feeds/all.atom") == "https://a.example/<wbr>feeds/<wbr>all.atom"


def test_a_word_too_long_for_an_address_stays_a_word() -> None:
    brackets = "<" * 100_000 + ">" * 100_000
    made = linked(f"See www.ridge.example {brackets} and https://ridge.example/b.")

    assert made.count("<a ") == 2
    assert made.count("&lt;") == made.count("&gt;") == 100_000
