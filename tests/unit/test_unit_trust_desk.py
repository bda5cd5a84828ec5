"""The analysts' page: everything that was estimated, chosen by wave, question and group, also as a file."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

import opinions
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, City
from hearback.listen.surveys.models import Survey, Wave
from hearback.sentence import Sentence, kept
from hearback.understand.trust.enums import Method, Showing
from hearback.understand.trust.models import ScaleCheck
from hearback.understand.trust.permissions import may_read_estimates
from residents import said
from standing_roles import signed_in

pytestmark = pytest.mark.django_db
Join = Callable[..., User]

MAY = (Role.ANALYST, Role.COORDINATOR, Role.OVERSIGHT)


@pytest.fixture
def waves(db: None, district: Area) -> tuple[Wave, Wave]:
    """A random sample with groups and areas, and an open link after it."""
    City.objects.create(name="Linnet Bay", timezone="UTC", emergency_number="911", default_language="en")
    drawn = opinions.wave(opinions.survey(), 2025, areas="district")
    opinions.estimate(drawn, 0.47, df=31, notes=[kept(Sentence("Adjusted by {kinds}", kinds="age"))])
    opinions.estimate(drawn, 0.3, by="age", group="Young", n=300)
    opinions.estimate(drawn, 0.6, by="age", group="Old", n=6, showing=Showing.WITHHELD)
    opinions.estimate(drawn, 0.5, 0.1, by="area", group="harbour", method=Method.SMALL_AREA, n=20)
    opinions.contrast(drawn, -0.3, p_more=0.0001, by="age", group="Young", other="Old", p_adjusted=0.0004)
    link = opinions.wave(opinions.survey("link", "The open link"), 2025, mode="opt-in", dispositions=None)
    opinions.estimate(link, 0.2, 0.2, method=Method.OPT_IN, deff=None)
    return drawn, link


@pytest.fixture
def analyst(waves: tuple[Wave, Wave], join: Join) -> Client:
    """A browser of an analyst."""
    return signed_in(join("ana", Role.ANALYST))


def test_of_the_five_standing_roles_only_oversight_reads_estimates(
    liaison: User, teammate: User, outsider: User, overseer: User, resident: Actor
) -> None:
    actors = {"liaison": liaison.actor, "teammate": teammate.actor, "outsider": outsider.actor, "resident": resident}
    assert not any(may_read_estimates(actor) for actor in actors.values())
    assert may_read_estimates(overseer.actor)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("address", ["/desk/trust/", "/desk/trust/estimates.csv", "/desk/trust/contrasts.csv"])
def test_each_role_is_let_in_or_refused(waves: tuple[Wave, Wave], join: Join, role: Role, address: str) -> None:
    answer = signed_in(join("somebody", role)).get(address)
    assert answer.status_code == (200 if role in MAY else 403)


def test_without_a_sign_in_nothing_opens(client: Client, waves: tuple[Wave, Wave]) -> None:
    for address in ("/desk/trust/", "/desk/trust/estimates.csv"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/desk/login/")


def test_it_begins_with_what_everybody_said_in_the_latest_random_sample(analyst: Client) -> None:
    page = said(analyst.get("/desk/trust/"))
    assert "Wave The panel, 2025 , Sept. 1, 2025" in page
    assert "1 estimate " in page
    for number in ("0.47", "0.44 to 0.5", "880", "1.4", "31", "From the sample's design", "Adjusted by age"):
        assert number in page
    assert "Response rate 30 % AAPOR response rate 1" in page


def test_scales_come_with_their_reliability_and_with_whom_they_may_compare(
    analyst: Client, waves: tuple[Wave, Wave]
) -> None:
    check = {"wave": waves[0], "scale": "treatment", "level": 0.95}
    ScaleCheck.objects.create(n=800, alpha=0.84, low=0.82, high=0.86, omega=0.85, **check)
    why = kept(Sentence("Too few answers to say it of {groups}", groups="Old"))
    ScaleCheck.objects.create(by="age", n=790, verdict="cannot be checked", notes=[why], **check)
    page = said(analyst.get("/desk/trust/?wave=panel/2025"))
    assert "treatment Everybody 800 0.84 0.82 to 0.86 0.85" in page
    assert "treatment Age 790 – – – Cannot be checked Too few answers to say it of Old" in page
    assert "do their items measure one thing" not in said(analyst.get("/desk/trust/?wave=link/2025"))


def test_kind_of_group_and_group_narrow_the_table(analyst: Client) -> None:
    address = "/desk/trust/?wave=panel/2025&by=age"
    both, one = said(analyst.get(address)), said(analyst.get(f"{address}&group=Young"))
    assert "2 estimates" in both
    assert "Too little is known" in both, "an analyst sees that a group is withheld, and its number"
    assert "1 estimate " in one
    assert "1 contrast " in one
    assert "0.0004" in one


def test_areas_have_their_names(analyst: Client) -> None:
    page = said(analyst.get("/desk/trust/?wave=panel/2025&by=area"))
    assert "Harbour area Share of favourable answers" in page
    assert "Modelled for small areas" in page


def test_an_open_link_says_that_its_range_is_no_interval(analyst: Client) -> None:
    page = said(analyst.get("/desk/trust/?wave=link/2025"))
    assert "low and high are a sensitivity range, no interval" in page


@pytest.mark.parametrize("query", ["wave=nothing", "by=shoe-size", "item=nothing", "page=99&contrasts=x", "group=%00"])
def test_what_does_not_occur_chooses_something_that_does(analyst: Client, query: str) -> None:
    assert analyst.get(f"/desk/trust/?{query}").status_code == 200


def test_the_file_has_the_chosen_rows_in_full_precision_and_no_person(analyst: Client) -> None:
    answer = analyst.get("/desk/trust/estimates.csv?wave=panel/2025&by=*")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["by"], row["group"], row["n"], row["showing"]) for row in rows] == [
        ("", "", "880", "shown"),
        ("age", "Young", "300", "shown"),
        ("age", "Old", "6", "withheld"),
        ("area", "harbour", "20", "shown"),
    ]
    assert float(rows[0]["se"]) == 0.03 / 1.96
    assert rows[0]["notes"] == "Adjusted by age"
    assert {row["response_rate"] for row in rows} == {"0.3"}, "beside every number, not only beside everybody's"


def test_contrasts_come_as_a_file_too(analyst: Client) -> None:
    answer = analyst.get("/desk/trust/contrasts.csv?wave=panel/2025&by=age&item=fair")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["group"], row["other"], row["difference"], row["p_adjusted"]) == ("Young", "Old", "-0.3", "0.0004")


def test_before_anything_is_estimated_the_page_says_so(join: Join, db: None) -> None:
    browser = signed_in(join("ana", Role.ANALYST))
    assert "Nothing has been estimated yet." in said(browser.get("/desk/trust/"))
    assert browser.get("/desk/trust/estimates.csv").content == b""


def test_no_page_of_surveys_loads_the_libraries_that_compute(at: datetime) -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'settings_for_tests'; import django; django.setup();"
        "import hearback.config.urls; print(sorted({'numpy', 'scipy', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_survey_without_estimates_is_not_offered(analyst: Client, db: None) -> None:
    Survey.objects.create(key="empty", name="Never estimated")
    assert "Never estimated" not in analyst.get("/desk/trust/").content.decode()
