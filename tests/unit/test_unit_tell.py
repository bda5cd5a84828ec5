"""The form for telling something: what is taken, what stands in the way, and that nothing is lost in silence."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from hearback.foundation.access.models import Desk
from hearback.foundation.audit import actions as audit
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, City
from hearback.listen.concerns.enums import Tallied
from hearback.listen.concerns.models import Attachment, Concern, Contact, Tally
from hearback.listen.concerns.queries import thresholds
from hearback.listen.concerns.queries.pins import coarsened
from hearback.listen.concerns.queries.thresholds import WITHOUT_WORK_AN_HOUR, hour_of
from residents import SAID, hidden, said, send, token, words_of, worked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "liaison", "teammate", "overseer")]


@pytest.fixture
def city(db: None) -> City:
    return City.objects.create(
        name="Linnet Bay", timezone="UTC", emergency_number="911", default_language="en", workdays=[0, 1, 2, 3, 4]
    )


def test_the_emergency_number_stands_before_everything_else(client: Client, city: City) -> None:
    main = client.get("/tell/").content.decode().split("<main", 1)[1]
    assert main.index('href="tel:911"') < main.index("<h1>") < main.index("<form")


def test_no_cookie_is_set_and_nothing_is_kept_by_caches(client: Client) -> None:
    for answer in (client.get("/tell/"), send(client, "team"), client.get("/receipt/"), client.get("/verify/")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Cookie" not in answer.get("Vary", "")


def test_the_form_asks_for_no_name_and_no_immigration_status(client: Client) -> None:
    page = client.get("/tell/").content.decode()
    for asked in ('name="name"', 'name="email"', 'name="phone"', 'name="status"', "csrfmiddlewaretoken"):
        assert asked not in page


def test_each_desk_says_who_reads_there_and_who_cannot(client: Client) -> None:
    page = said(client.get("/tell/"))
    assert "Liaison team People of the police whose work is to listen." in page
    assert "Oversight board People who check the police and do not work for them. No police officer can read" in page
    assert "Tenants' union" not in page


def test_a_desk_where_nobody_can_read_is_not_offered_and_without_any_there_is_no_form(
    client: Client, partner_desk: Desk
) -> None:
    Desk.objects.update(open=False)
    page = client.get("/tell/")
    assert b"<textarea" not in page.content
    assert "We do not take what nobody answers" in said(page)


def test_what_is_sent_is_received_and_seven_words_are_shown_once(client: Client, district: Area) -> None:
    answer = send(client, "team", area="harbour", contact="Call 555-0100", safety="violence")
    concern = Concern.objects.get()
    assert answer.status_code == 200
    assert len(words_of(answer).split()) == 7
    assert (concern.kind, concern.area, concern.safety, concern.language) == ("concern", district, "violence", "en")
    assert Contact.objects.count() == 1
    assert SAID.encode() not in bytes(concern.messages.get().sealed)


def test_the_words_are_in_the_readers_language(client: Client) -> None:
    answer = send(client, "team", prefix="/es")
    assert 'lang="es"' in answer.content.decode().split('class="card"')[1]
    assert Concern.objects.get().language == "es"


def test_a_second_click_on_send_is_one_concern_with_one_receipt(client: Client) -> None:
    form = token()
    first, second = send(client, "team", token=form), send(client, "team", token=form)
    assert words_of(first) == words_of(second)
    assert Concern.objects.count() == 1


def test_other_words_from_the_same_page_are_not_shown_the_first_receipt(client: Client) -> None:
    form = token()
    first = words_of(send(client, "team", token=form))
    again = send(client, "team", token=form, words="Who was here before me?")
    assert again.status_code == 409
    assert first not in again.content.decode()
    assert "Who was here before me?" in again.content.decode()
    assert send(client, "team", token=hidden(again, "token"), words="Who was here?", work="").status_code == 422


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"words": "  "}, "Please write something."),
        ({"words": "\u202e\u200b \u00ad" * 2_000}, "Please write something."),
        ({"words": "a" * 10_001}, "Your text has 10001 characters. We can take 10000."),
        ({"kind": ""}, "Please choose what it is."),
        ({"desk": ""}, "Please choose who may read it."),
        ({"desk": "nowhere"}, "Nobody reads there now."),
        ({"website": "http://spam.example"}, "Please leave this field empty."),
        ({"contact": "x" * 301}, "Your text has 301 characters. We can take 300."),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(client: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = send(client, **{"desk": "team", "contact": "Tell my sister", **wrong})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert wrong.get("words", SAID).strip() in answer.content.decode()
    assert wrong.get("contact", "Tell my sister") in answer.content.decode()
    assert not Concern.objects.exists()


def test_ten_thousand_characters_are_taken_whatever_their_line_ends(client: Client) -> None:
    assert send(client, "team", words="é\r\n" * 4_998 + "end").status_code == 200


@pytest.mark.parametrize("forged", ["", "x", "A" * 50])
def test_a_form_that_was_not_handed_out_here_is_not_taken_but_kept_on_the_page(client: Client, forged: str) -> None:
    answer = send(client, "team", token=forged)
    assert answer.status_code == 422
    assert SAID in answer.content.decode()
    assert "open for too long" in said(answer)
    assert not Concern.objects.exists()


def test_a_form_that_was_open_for_a_day_gets_a_new_token_and_can_be_sent(client: Client) -> None:
    answer = send(client, "team", token=token(opened_ago=timedelta(hours=25)))
    assert answer.status_code == 422
    assert send(client, "team", token=hidden(answer, "token")).status_code == 422, "too quick for anybody"
    assert not Concern.objects.exists()


def test_work_opens_the_form_at_once_and_no_work_asks_for_three_seconds(client: Client) -> None:
    quick = send(client, "team", token=token(opened_ago=timedelta(0)))
    assert quick.status_code == 422
    assert "as fast as only programs are" in said(quick)
    assert send(client, "team", **worked()).status_code == 200
    assert not Tally.objects.exists()


def test_in_a_flood_browsers_without_javascript_are_asked_for_patience_and_lose_nothing(client: Client) -> None:
    Tally.objects.create(what=Tallied.WITHOUT_WORK, hour=hour_of(timezone.now()), count=WITHOUT_WORK_AN_HOUR)
    answer = send(client, "team")
    assert answer.status_code == 429
    assert "Nothing was sent so far. Please wait a little." in said(answer)
    assert SAID in answer.content.decode()
    assert 'data-difficulty="14"' in answer.content.decode()
    assert not Concern.objects.exists()
    assert send(client, "team", **worked()).status_code == 200


def test_in_a_flood_a_second_click_still_shows_the_receipt(client: Client) -> None:
    form = token()
    first = send(client, "team", token=form)
    Tally.objects.update(count=WITHOUT_WORK_AN_HOUR)
    assert words_of(send(client, "team", token=form)) == words_of(first)


def test_each_concern_without_work_is_counted_in_its_hour_and_nothing_else_is_known(client: Client) -> None:
    send(client, "team")
    send(client, "board")
    tally = Tally.objects.get()
    assert (tally.what, tally.count, tally.hour.minute) == ("without-work", 2, 0)
    assert {field.name for field in Tally._meta.get_fields()} == {"id", "what", "hour", "count"}


def test_a_busy_hour_costs_each_sender_four_times_the_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'data-difficulty="12"' in client.get("/tell/").content.decode()
    monkeypatch.setattr(thresholds, "BUSY_HOUR", 1)
    assert send(client, "team").status_code == 200
    caches["pages"].clear()  # as a second later
    assert 'data-difficulty="14"' in client.get("/tell/").content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "I have no papers, and he shouted at me",
        "Soy indocumentada y tengo miedo",
        "Je suis SANS-PAPIERS.",
        "У меня нет визы",
        "我没有身份",
        "저는 불법체류 중이에요",
        "ليس لدي أوراق",
        "Mwen pa gen papye",
        "Tôi không có giấy tờ",
        "Sharci ma lihi",
    ],
)
def test_words_that_state_immigration_status_bring_a_warning_before_anything_is_kept(
    client: Client, words: str
) -> None:
    form = token()
    warned = send(client, "team", token=form, words=words)
    assert "immigration status" in said(warned)
    assert words in warned.content.decode()
    assert not Concern.objects.exists()
    assert send(client, "team", token=form, words=words, send_anyway="1").status_code == 200
    assert Concern.objects.count() == 1


def test_how_to_reach_somebody_is_looked_at_for_a_status_too(client: Client) -> None:
    form, told = token(), "Call my sister, I am undocumented"
    warned = send(client, "team", token=form, contact=told)
    assert "immigration status" in said(warned)
    assert told in warned.content.decode()
    assert not Concern.objects.exists()
    assert send(client, "team", token=form, contact=told, send_anyway="1").status_code == 200


@pytest.mark.parametrize("words", [SAID, "El coche está en el papel", "Parked illegally again", "Call 555-0100"])
def test_other_words_bring_no_warning(client: Client, words: str) -> None:
    assert send(client, "team", words=words).status_code == 200
    assert Concern.objects.count() == 1


def test_a_text_that_names_everybody_at_the_desk_is_not_sent_there(client: Client) -> None:
    User.objects.filter(username="lia").update(first_name="Lia", last_name="Kowalczyk")
    User.objects.filter(username="tom").update(first_name="Tom", last_name="Brandt")
    words = "Officer Kowalczyk and officer Brandt laughed."
    answer = send(client, "team", words=words)
    assert answer.status_code == 422
    assert "nobody there may read it" in said(answer)
    assert send(client, "board", words=words).status_code == 200


def _photo() -> SimpleUploadedFile:
    made, exif = BytesIO(), Image.Exif()
    exif[0x0110] = "Phone of Ana"
    Image.new("RGB", (40, 30), "green").save(made, "JPEG", exif=exif)
    return SimpleUploadedFile("../../ana.jpg.exe", made.getvalue(), content_type="text/html")


def test_a_photo_is_kept_under_its_true_type(client: Client) -> None:
    assert send(client, "team", file=_photo()).status_code == 200
    assert Attachment.objects.get().media_type == "image/jpeg"


def test_a_file_that_is_no_photo_is_refused_in_words_and_the_rest_stays(client: Client) -> None:
    answer = send(client, "team", file=SimpleUploadedFile("photo.jpg", b"MZ\x90\x00 not a photo"))
    assert answer.status_code == 422
    assert "neither a photo nor a voice note" in said(answer)
    assert "choose your photo or voice note again" in said(answer)
    assert SAID in answer.content.decode()


@pytest.mark.parametrize("field", ["words", "file"])
def test_twenty_megabytes_are_refused_in_words(client: Client, field: str) -> None:
    much = b"a" * (20 * 1024 * 1024)
    sent = {"words": much.decode()} if field == "words" else {"file": SimpleUploadedFile("photo.jpg", much)}
    answer = send(client, "team", **sent)
    assert answer.status_code == 413
    assert "It was not received: it is too large" in said(answer)
    assert not Concern.objects.exists()


def test_five_megabytes_of_text_are_refused_in_words_too(client: Client) -> None:
    answer = send(client, "team", words="a" * (5 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_pin_is_made_coarse_on_the_server_whatever_the_browser_sent(client: Client) -> None:
    assert coarsened(-77.036530, 38.897676) == coarsened(-77.036100, 38.897100)
    assert coarsened(*coarsened(-77.036530, 38.897676)) == coarsened(-77.036530, 38.897676)
    for pin in ("-77.036530,38.897676", "nowhere", "nan,inf", "999,0", ""):
        assert send(client, "team", pin=pin).status_code == 200
    assert sum(bool(concern.pin) for concern in Concern.objects.all()) == 1


def test_a_failing_database_means_not_received_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(audit, "record", full)
    answer = send(client, "team", contact="my sister")
    assert answer.status_code == 503
    assert "It was not received" in said(answer)
    assert SAID in answer.content.decode()
    assert 'name="contact" value="my sister"' in answer.content.decode()
    monkeypatch.undo()
    assert not Concern.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_means_not_received_and_leaves_nothing(client: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite can be told that its disk is full")
    form = token()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
        full = send(client, "team", token=form, words="x" * 9_000)
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert full.status_code == 503
    assert "It was not received" in said(full)
    assert not Concern.objects.exists()
    assert send(client, "team", token=form, words="x" * 9_000).status_code == 200


def test_nothing_can_fail_any_more_once_a_concern_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr("hearback.listen.concerns.actions.tallies.record", full)
    answer = send(client, "team")
    assert "It was not received" in said(answer)
    assert not Concern.objects.exists(), "what is called not received was not kept"


def test_the_log_of_a_failure_holds_no_word_of_what_was_said(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise DatabaseError(f"near {SAID}")

    monkeypatch.setattr(audit, "record", broken)
    send(client, "team")
    assert "DatabaseError" in caplog.text
    assert "lamp" not in caplog.text


def test_no_line_is_logged_for_a_refused_form_or_words_typed_into_the_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/tell/", {}).status_code == 422
    assert client.get("/receipt/acre-eloquent-sailboat/").status_code == 404
    assert client.delete("/receipt/").status_code == 405
    assert not caplog.records


def test_the_page_weighs_little(client: Client) -> None:
    plain = client.get("/tell/", headers={"Accept-Encoding": "gzip"})
    assert len(plain.content) < 12_000
