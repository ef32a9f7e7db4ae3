"""The report as a page, on paper, as a sheet and as data."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pypdfium2
import pytest
from places import recipient
from years import BEGUN, HEAD, Year, full_year, town_hall

from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.record import RecordType
from alarmbro.report.account import Comparison, Report, Signal
from alarmbro.report.gathering import gather
from alarmbro.report.page import page
from alarmbro.report.paper import paper
from alarmbro.report.table import BOM, document, sheet
from alarmbro.report.words import ReportWords

DANISH = ReportWords(Language.DANISH, "Europe/Copenhagen")


def report(year: Year | None = None, configuration: Configuration | None = None) -> Report:
    return gather((year or full_year()).records(), configuration or town_hall(), 2026, ["raadhus"], BEGUN)


def text_of(pdf: bytes) -> list[str]:
    """Give the text of each page."""
    whole = pypdfium2.PdfDocument(pdf)
    pages = [each.get_textpage().get_text_bounded() for each in whole]
    whole.close()
    return [str(each) for each in pages]


class Outline(HTMLParser):
    """What a screen reader finds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_twelve_buttons_fit_one_page_with_danish_letters() -> None:
    """All that is signed for, on one sheet."""
    (only,) = text_of(paper(report(), DANISH))
    for words in ("Årlig test", "Mødelokale Ærø", "Mødelokale Ømø", "Samtalerum Å", "IKKE BESTÅET", "Koordinator",
                  "Svartider", HEAD):  # fmt: skip
        assert words in only.replace("\r\n", " ")
    assert "10 af 12 bestået" in only
    assert "alarmbro test start raadhus --device knap-11" in only.replace("\r\n", " ")


def test_twelve_buttons_fit_one_page_when_everybody_confirmed_each() -> None:
    """A round with --confirm, long names, two failures, three open points: still one sheet to sign."""
    year = full_year()
    round_ = year.start("Sikkerhedskoordinatoren på Søndergården")
    for number in range(12):
        missed = "leder" if number in (3, 7) else ""
        year.test(round_, f"knap-{number}", confirm="serviceteam", missed=missed, reason=missed and "not_reached")
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="timed out")
    (only,) = text_of(paper(report(year), DANISH))
    assert only.count("set af Vagthavende, 41 s") == 12
    assert "var ikke sat i test" not in only
    assert "Vagtselskabet Nordjylland får ikke testalarmer" in only


def test_a_year_without_a_record_is_a_paper_too() -> None:
    """Every device is a failure, and the page says so."""
    found = report(Year())
    (only,) = text_of(paper(found, DANISH))
    assert only.count("IKKE TESTET") == 12
    assert "er ikke testet i 2026. Test den: alarmbro test start raadhus --device knap-0" in only.replace("\r\n", " ")
    assert page(found, DANISH).count("IKKE TESTET") == 12
    assert len(sheet(found).splitlines()) == 13


@pytest.mark.parametrize("count", [1, 4, 5, 40])
def test_any_number_of_recipients_can_be_read(count: int) -> None:
    """Beside each other while there is room, else in one column."""
    configuration = town_hall(3)
    people = {f"modtager-{each}": recipient(f"modtager-{each}") for each in range(count)}
    year = Year()
    round_ = year.start()
    for device in ("knap-0", "knap-1"):
        name = year.name()
        year.add(RecordType.TEST_PRESSED, device=device, alarm=name, round=round_, notify=list(people), withheld=[])
        for number, each in enumerate(people):
            year.add(RecordType.TOLD, alarm=name, recipient=each, message="test_alarm", after_ms=number * 100)
        year.add(RecordType.TEST_PASSED, device=device, alarm=name, round=round_)
    found = report(year, replace(configuration, recipients=people))
    text, (only,) = page(found, DANISH), text_of(paper(found, DANISH))
    last = f"Modtager-{count - 1}"
    assert last in text
    assert last in only.replace("\r\n", "")
    assert ("Modtagere" in only) is (count > 4)


def test_a_name_longer_than_a_page_does_not_stop_the_paper() -> None:
    """Whatever stands in the configuration."""
    configuration = town_hall(2)
    devices = dict(configuration.sites["raadhus"].devices)
    devices["knap-0"] = replace(devices["knap-0"], name="x" * 10_000)
    site = replace(configuration.sites["raadhus"], devices=devices)
    assert len(text_of(paper(report(configuration=replace(configuration, sites={"raadhus": site})), DANISH))) > 1


def test_danish_letters_written_in_two_pieces_are_whole() -> None:
    """Some editors write å as an a and a ring."""
    configuration = town_hall(1)
    site = replace(configuration.sites["raadhus"], name=unicodedata.normalize("NFD", "Ålborg Å æøåÆØÅ"))
    (only,) = text_of(paper(report(configuration=replace(configuration, sites={"raadhus": site})), DANISH))
    assert "Ålborg Å æøåÆØÅ" in only


def test_the_paper_says_what_it_is() -> None:
    """Title, author, language."""
    found = paper(report(), DANISH)
    whole = pypdfium2.PdfDocument(found)
    about = whole.get_metadata_dict()
    whole.close()
    assert about["Title"] == "Årlig test af overfaldsalarmer 2026"
    assert about["Author"] == "alarmbro"
    assert b"/Lang (da)" in found


def test_more_buttons_go_on_with_the_heads_repeated() -> None:
    """A second page says what its columns are."""
    year = Year()
    round_ = year.start()
    for number in range(60):
        year.test(round_, f"knap-{number}")
    pages = text_of(paper(report(year, town_hall(60)), DANISH))
    assert len(pages) > 1
    assert all("Trykket" in each for each in pages[:2])


def test_the_same_report_is_the_same_paper() -> None:
    """So that a copy can be compared."""
    assert paper(report(), DANISH) == paper(report(), DANISH)


def test_letters_that_the_font_lacks_do_not_stop_the_paper() -> None:
    """The nearest ones, or a question mark."""
    configuration = town_hall(1)
    site = replace(configuration.sites["raadhus"], name="Rådhus 市役所 → ﬁn")
    (only,) = text_of(paper(report(configuration=replace(configuration, sites={"raadhus": site})), DANISH))
    assert "Rådhus ??? ? fin" in only


def test_the_page_needs_nothing_from_elsewhere_and_can_be_heard() -> None:
    """One file: a language, headings in order, a caption for each table, words beside the drawing."""
    text = page(report(), DANISH)
    outline = Outline(text)
    assert "http" not in text
    assert not {"script", "link", "img", "iframe"} & set(outline.tags)
    assert ("lang", "da") in outline.attributes
    assert outline.tags.count("table") == outline.tags.count("caption") == 3
    headings = [int(tag[1]) for tag in outline.tags if tag in ("h1", "h2", "h3")]
    assert headings[:2] == [1, 2]
    assert max(after - before for before, after in pairwise(headings)) == 1
    assert "src" not in dict(outline.attributes)
    assert {"header", "main", "footer"} <= set(outline.tags)
    assert "<strong>IKKE BESTÅET</strong>" in text
    assert ("role", "img") in outline.attributes
    assert ("scope", "row") in outline.attributes


def test_hostile_names_stay_names() -> None:
    """Whatever a device is called."""
    configuration = town_hall(1)
    devices = {"knap-0": replace(configuration.sites["raadhus"].devices["knap-0"], name='<script>alert("x")</script>')}
    site = replace(configuration.sites["raadhus"], devices=devices)
    hostile = replace(configuration, sites={"raadhus": site})
    text = page(report(configuration=hostile), DANISH)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "<script>" in text_of(paper(report(configuration=hostile), DANISH))[0]


def test_what_the_centre_lacks_stands_above_the_signature() -> None:
    """Whoever signs has read it."""
    signal = Signal(BEGUN, "7", "raadhus-3")
    found = replace(report(), centre=Comparison(3, (signal,), (), (), (signal,), BEGUN, BEGUN))
    for text in (page(found, DANISH), "".join(text_of(paper(found, DANISH)))):
        places = [text.index(words) for words in ("3 signaler stemmer", "Kun hos os: raadhus-3", "IKKE SAMMENLIGNET")]
        assert places == sorted(places)
        assert places[-1] < text.rindex("Leder")
        assert "Alle 3" not in text


@pytest.mark.parametrize("language", Language)
def test_both_languages_say_all_of_it(language: Language) -> None:
    """Two sites with an overview, a comparison, every reason why a test can fail."""
    year = full_year()
    round_ = year.start()
    for number, reason in enumerate(("too_slow", "not_confirmed", "real", "interrupted", "of the future")):
        year.test(round_, f"knap-{number}", missed="leder", reason=reason)
    configuration = town_hall()
    other = replace(configuration.sites["raadhus"], id="annex", name="Annekset")
    both = replace(configuration, sites={**configuration.sites, "annex": other}, serve=("raadhus", "annex"))
    found = gather(year.records(), both, 2026, both.serve, BEGUN)
    signal = Signal(BEGUN, "1", "raadhus-3")
    found = replace(found, centre=Comparison(3, (signal,), (signal,), ((signal, signal),), (signal,), BEGUN, BEGUN))
    words = ReportWords(language, "Europe/Copenhagen")
    text, pages = page(found, words), text_of(paper(found, words))
    assert words("overview") in text
    assert words("overview") in pages[0]
    assert "raadhus-3" in text
    assert "raadhus-3" in pages[0]
    assert "of the future" in text


def test_the_sheet_opens_in_a_danish_excel_and_runs_nothing() -> None:
    """A BOM, semicolons, and no cell that is a formula."""
    configuration = town_hall(2)
    devices = dict(configuration.sites["raadhus"].devices)
    devices["knap-0"] = replace(devices["knap-0"], name="=1+1")
    site = replace(configuration.sites["raadhus"], devices=devices)
    text = sheet(report(configuration=replace(configuration, sites={"raadhus": site})))
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))
    assert len(rows) == 8
    assert rows[0]["name"] == "'=1+1"
    assert {row["outcome"] for row in rows} == {"reached", "withheld"}


def test_the_data_is_all_of_it() -> None:
    """As JSON, times in UTC."""
    data = json.loads(json.dumps(document(report())))
    assert data["year"] == 2026
    assert data["sites"][0]["devices"][0]["verdict"] == "failed"
    assert data["sites"][0]["devices"][-1]["recipients"][0]["after_ms"] == 700
    assert data["made"] == "2026-11-23T08:00:00.000Z"
