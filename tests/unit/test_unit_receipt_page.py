"""The way back: the card, two words typed back, mistyped words, and everything that can be done in a thread."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from itertools import combinations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from concerns import hands
from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import upkeep
from hearback.listen.concerns.enums import Helped, State, Tallied
from hearback.listen.concerns.models import Attachment, Concern, Message, Tally
from hearback.listen.concerns.queries import tickets
from hearback.listen.concerns.queries.keys import keys_of
from hearback.sealing import receipts
from hearback.sealing.word_lists import word_list
from residents import SAID, hidden, open_thread, proof_of, said, send, step, token, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "liaison", "teammate", "overseer")]


@pytest.fixture
def sent(client: Client) -> HttpResponse:
    """The page with the receipt of a concern sent to the liaison team."""
    return send(client, "team")


@pytest.fixture
def thread(client: Client, sent: HttpResponse) -> HttpResponse:
    """Its thread."""
    return open_thread(client, words_of(sent))


def _answer(person: User, text: str = "It will be repaired on Friday.", *, ago: timedelta = timedelta(0)) -> None:
    at_desk.answer(Concern.objects.get(), text, **hands(person), at=timezone.now() - ago)


def _places(page: HttpResponse) -> list[int]:
    return [place for place in range(1, 8) if f'name="word-{place}"' in page.content.decode()]


def test_two_words_typed_back_confirm_the_receipt(client: Client, sent: HttpResponse) -> None:
    words = words_of(sent).split()
    typed = {f"word-{place}": words[place - 1].upper() + " " for place in _places(sent)}
    answer = client.post("/receipt/confirm/", {"ticket": hidden(sent, "ticket")} | typed)
    assert answer.status_code == 200
    assert "You can come back" in said(answer)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert len(typed) == 2


def test_a_wrong_word_shows_the_same_card_again_and_says_which(client: Client, sent: HttpResponse) -> None:
    one, other = _places(sent)
    typed = {f"word-{one}": words_of(sent).split()[one - 1], f"word-{other}": "xxxx"}
    again = client.post("/receipt/confirm/", {"ticket": hidden(sent, "ticket")} | typed)
    assert again.status_code == 422
    assert f"Word {other} is different" in said(again)
    assert f"Word {one} is different" not in said(again)
    assert words_of(again) == words_of(sent)
    assert proof_of(again) == proof_of(sent)
    assert _places(again) == [one, other]


def test_after_half_an_hour_the_words_are_not_shown_again(client: Client) -> None:
    answer = client.post("/receipt/confirm/", {"ticket": "A" * 80})
    assert answer.status_code == 422
    assert "cannot be shown again" in said(answer)


def test_the_card_that_is_printed_says_nothing_of_police(sent: HttpResponse) -> None:
    page = sent.content.decode()
    card = page.split('<section class="card"')[1].split("</section>")[0]
    assert "police" not in card.lower()
    assert "complaint" not in card.lower()
    assert "Hearback" not in card
    assert '<body class="with-card">' in page


def test_the_words_open_the_thread_in_capitals_without_accents_and_on_several_lines(client: Client) -> None:
    words = words_of(send(client, "team", prefix="/es"))
    opened = open_thread(client, words.upper().replace(" ", ",\n"))
    assert opened.status_code == 200
    assert SAID in said(opened)
    assert "How it stands Received" in said(opened)
    assert "An answer is promised by" in said(opened)


def test_the_address_of_a_thread_never_changes_and_no_cookie_is_set(client: Client, thread: HttpResponse) -> None:
    page = thread.content.decode().split("<main", 1)[1]
    assert 'action="' not in page.replace('action=""', "")
    assert not thread.cookies
    assert thread["Cache-Control"] == "no-store"


def test_a_mistyped_word_is_named_by_its_place_and_mended_by_a_button(client: Client, sent: HttpResponse) -> None:
    words = words_of(sent).split()
    mistyped = [*words[:2], words[2] + "q", *words[3:]]
    answer = open_thread(client, " ".join(mistyped))
    assert answer.status_code == 422
    assert "Word 3 is not in our list of words." in said(answer)
    assert f'<button class="plain" name="words" value="{" ".join(words)}"' in answer.content.decode()
    assert not Tally.objects.filter(what=Tallied.WRONG_RECEIPT).exists()


def test_two_words_that_changed_places_are_offered_in_their_order(client: Client, sent: HttpResponse) -> None:
    words = words_of(sent).split()
    one, other = next((i, j) for i, j in combinations(range(7), 2) if words[i] != words[j])
    swapped = words.copy()
    swapped[one], swapped[other] = words[other], words[one]
    answer = open_thread(client, " ".join(swapped))
    assert "do not belong together" in said(answer)
    assert f'value="{" ".join(words)}"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "hello", "x " * 600])
def test_what_is_no_receipt_is_answered_kindly(client: Client, typed: str) -> None:
    answer = open_thread(client, typed)
    assert answer.status_code == 422
    assert "These are not seven words of a receipt" in said(answer)


def test_wrong_receipts_all_look_the_same_and_are_counted_without_a_trace(client: Client) -> None:
    answers = []
    for number in range(2):
        wrong = receipts.from_token(bytes([number]) * 16, secret=b"s" * 32, language="en").text
        page = said(open_thread(client, wrong)).replace(wrong, "")
        answers.append(page)
    assert answers[0] == answers[1]
    assert "We find nothing under these words" in answers[0]
    assert Tally.objects.get().count == 2


def test_help_with_mistyped_words_does_not_ask_the_database(client: Client, sent: HttpResponse) -> None:
    real = words_of(sent).split()
    invented = receipts.from_token(b"i" * 16, secret=b"s" * 32, language="en").text.split()
    for words in (real, invented):
        page = said(open_thread(client, " ".join([*words[:6], "zzzzq"])))
        assert "Word 7 is not in our list" in page
    assert not Tally.objects.filter(what=Tallied.WRONG_RECEIPT).exists()
    assert len(word_list("en").words) == 2048


def test_a_receipt_form_without_a_token_is_asked_for_again(client: Client, sent: HttpResponse) -> None:
    answer = client.post("/receipt/", {"words": words_of(sent)})
    assert answer.status_code == 422
    assert SAID not in said(answer)
    assert words_of(sent) in answer.content.decode()


def test_the_answer_is_read_and_judged_and_the_judgement_is_kept(
    client: Client, thread: HttpResponse, liaison: User
) -> None:
    assert "Did the answer help?" not in said(thread)
    _answer(liaison)
    answered = step(client, thread, "")
    assert "It will be repaired on Friday." in said(answered)
    assert "How it stands Answered" in said(answered)
    judged = step(client, answered, "judge", helped="partly")
    assert "Thank you." in said(judged)
    assert Concern.objects.get().helped == Helped.PARTLY
    assert step(client, answered, "judge", helped="perhaps").status_code == 422


def test_a_reply_is_added_once_however_often_it_is_sent_and_the_clock_runs_again(
    client: Client, thread: HttpResponse, liaison: User
) -> None:
    _answer(liaison)
    for _ in range(2):
        replied = step(client, thread, "reply", words="It is Saturday and still dark.")
        assert replied.status_code == 200
    assert said(replied).count("It is Saturday and still dark.") == 1
    assert Concern.objects.get().state == State.BEING_READ
    assert Message.objects.count() == 3


def test_an_empty_reply_is_refused_and_its_photo_asked_for_again(client: Client, thread: HttpResponse) -> None:
    answer = step(client, thread, "reply", words=" ")
    assert answer.status_code == 422
    assert "Please write something." in said(answer)


def _photo() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    return SimpleUploadedFile("a.jpg", made.getvalue())


def _with_photo(client: Client, thread: HttpResponse) -> HttpResponse:
    return step(client, thread, "reply", words="See.", file=_photo())


def test_an_attachment_is_saved_under_our_name_and_type_and_never_shown(client: Client, thread: HttpResponse) -> None:
    page = _with_photo(client, thread)
    number = Attachment.objects.get().pk
    assert f'name="number" value="{number}"' in page.content.decode()
    file = step(client, thread, "attachment", number=number)
    assert file["Content-Type"] == "image/jpeg"
    assert file["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Cache-Control"] == "no-store"
    assert file.content.startswith(b"\xff\xd8\xff")


def test_an_attachment_of_somebody_else_is_not_handed_out(client: Client, thread: HttpResponse) -> None:
    _with_photo(client, thread)
    number = Attachment.objects.get().pk
    other = open_thread(client, words_of(send(client, "team", words="Another thing.")))
    for wanted in (number, "x", "9" * 40, ""):
        assert step(client, other, "attachment", number=wanted).status_code == 422


def test_an_answer_that_did_not_help_is_opened_again(client: Client, thread: HttpResponse, liaison: User) -> None:
    assert "Open it again" not in said(thread)
    _answer(liaison)
    reopened = step(client, thread, "reopen")
    assert "It is open again" in said(reopened)
    assert Concern.objects.get().state == State.BEING_READ


def test_only_consent_opens_it_to_another_desk_and_the_page_says_to_whom(
    client: Client, thread: HttpResponse, liaison: User, oversight_desk: Desk
) -> None:
    at_desk.propose_handover(Concern.objects.get(), oversight_desk, by=liaison.actor, at=timezone.now())
    asked = step(client, thread, "")
    assert "May Oversight board read it?" in said(asked)
    assert "check the police and do not work for them" in said(asked)
    assert step(client, asked, "consent", desk="team").status_code == 422
    assert Concern.objects.get().desk.key == "team"
    agreed = step(client, asked, "consent", desk="board")
    assert "They can read it from now on" in said(agreed)
    assert Concern.objects.get().desk == oversight_desk


def test_a_refused_handover_changes_nothing(
    client: Client, thread: HttpResponse, liaison: User, oversight_desk: Desk
) -> None:
    at_desk.propose_handover(Concern.objects.get(), oversight_desk, by=liaison.actor, at=timezone.now())
    assert "Nobody else will read it" in said(step(client, thread, "refuse"))
    assert Concern.objects.get().handover_to is None


def test_withdrawing_asks_first_and_then_nothing_is_left(
    client: Client, thread: HttpResponse, sent: HttpResponse
) -> None:
    asked = step(client, thread, "withdraw")
    assert "Erase everything?" in said(asked)
    assert Message.objects.exists()
    erased = step(client, asked, "erase")
    assert "Everything is erased" in said(erased)
    assert erased["Clear-Site-Data"] == '"cache", "storage"'
    assert not Message.objects.exists()
    assert "This was erased" in said(step(client, thread, "reply", words="Once more"))


def test_whoever_finds_a_card_cannot_tell_what_was_erased_from_what_never_was(
    client: Client, thread: HttpResponse, sent: HttpResponse
) -> None:
    step(client, thread, "erase")
    erased, never = words_of(sent), receipts.from_token(bytes(16), secret=b"another city" * 3, language="en").text
    pages = [open_thread(client, words) for words in (erased, never)]
    assert [page.status_code for page in pages] == [422, 422]
    assert len({tuple(page.items()) for page in pages if page.headers.pop("Content-Length", True)}) == 1
    assert said(pages[0]).replace(erased, "") == said(pages[1]).replace(never, "")
    assert Tally.objects.get(what=Tallied.WRONG_RECEIPT).count == 2


def test_a_photo_is_added_without_words_and_a_second_click_adds_no_other(client: Client, thread: HttpResponse) -> None:
    for _click in range(2):
        added = step(client, thread, "reply", words="", file=_photo())
        assert "It was added to what you said." in said(added)
    assert (Message.objects.count(), Attachment.objects.count()) == (2, 1)
    assert "Save file 1" in said(added)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"words": ""}, "Please write something."),
        ({"words": "\u200b \u2060"}, "Please write something."),
        ({"words": "", "file": SimpleUploadedFile("p.jpg", b"none")}, "neither a photo nor a voice note"),
    ],
)
def test_nothing_at_all_is_not_added(
    client: Client, thread: HttpResponse, given: dict[str, object], complaint: str
) -> None:
    refused = step(client, thread, "reply", **given)
    assert refused.status_code == 422
    assert complaint in said(refused)
    assert Message.objects.count() == 1


def test_what_was_added_is_looked_at_once_more_where_it_seems_to_state_a_status(
    client: Client, thread: HttpResponse
) -> None:
    warned = step(client, thread, "reply", words="I have no papers.", file=_photo())
    assert "immigration status" in said(warned)
    assert "I have no papers." in warned.content.decode()
    assert "choose your photo or voice note again" in said(warned)
    assert 'form="reply" name="send_anyway"' in warned.content.decode()
    assert Message.objects.count() == 1
    step(client, warned, "reply", words="I have no papers.", send_anyway="1")
    assert Message.objects.count() == 2


def test_what_the_law_holds_is_taken_back_and_the_page_says_what_remains(
    client: Client, thread: HttpResponse, overseer: User
) -> None:
    now = timezone.now()
    upkeep.hold(Concern.objects.get(), reason="Court order 7", by=overseer.actor, at=now)
    held = step(client, thread, "erase")
    assert "the law asks that this be kept" in said(held)
    assert "Everything is erased" not in said(held)


@pytest.mark.parametrize(("days", "asks"), [(27, False), (29, True)])
def test_four_weeks_after_an_answer_the_page_asks_whether_it_helped(
    client: Client, thread: HttpResponse, liaison: User, days: int, asks: bool
) -> None:
    _answer(liaison, ago=timedelta(days=days))
    page = step(client, thread, "")
    assert ("Were you helped?" in said(page)) is asks
    assert "Were you helped?" not in said(step(client, page, "judge", helped="yes"))


def test_after_violence_at_home_nobody_is_asked_anything(client: Client, liaison: User) -> None:
    thread = open_thread(client, words_of(send(client, "team", safety="violence")))
    _answer(liaison, ago=timedelta(days=60))
    assert "Were you helped?" not in said(step(client, thread, ""))


def test_a_late_answer_is_called_late(client: Client, thread: HttpResponse) -> None:
    Concern.objects.update(answer_due=timezone.now().date() - timedelta(days=9), escalated=2)
    page = said(step(client, thread, ""))
    assert "We are late." in page
    assert "The coordinator and independent oversight see that it is late." in page


@pytest.mark.parametrize("level", [1, 2])
def test_where_no_coordinator_sees_that_it_is_late_none_is_named(
    client: Client, oversight_desk: Desk, overseer: User, level: int
) -> None:
    thread = open_thread(client, words_of(send(client, "board")))
    Concern.objects.update(answer_due=timezone.now().date() - timedelta(days=9), escalated=level)
    page = said(step(client, thread, ""))
    assert "We are late." in page
    assert ("Independent oversight sees that it is late." in page) is (level == 2)
    assert "coordinator" not in page


def test_a_ticket_ends_after_half_an_hour_and_the_page_says_nothing_was_received(
    client: Client, sent: HttpResponse
) -> None:
    lent = keys_of(receipts.parse(words_of(sent), ["en"]))
    old = tickets.for_thread(lent, at=timezone.now() - timedelta(minutes=31))
    typed = "Still there? " * 200
    answer = client.post("/receipt/", {"ticket": old, "do": "reply", "words": typed})
    assert answer.status_code == 422
    assert "it was not received" in said(answer)
    assert said(answer).count("Still there?") == 200, "nothing typed is lost"
    assert "Still there?" not in answer.content.decode().split('name="words"')[1]
    assert Message.objects.count() == 1


def test_a_ticket_for_a_new_receipt_opens_no_thread(client: Client, sent: HttpResponse) -> None:
    answer = client.post("/receipt/", {"ticket": hidden(sent, "ticket"), "do": ""})
    assert answer.status_code == 422
    assert SAID not in said(answer)


def test_markup_in_words_is_text(client: Client) -> None:
    opened = open_thread(client, words_of(send(client, "team", words="<script>alert(1)</script>")))
    assert "<script>alert" not in opened.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in opened.content.decode()


def test_the_form_token_of_a_thread_is_not_needed_twice(client: Client, sent: HttpResponse) -> None:
    again = client.post("/receipt/", {"token": token(difficulty=0), "words": words_of(sent)})
    assert again.status_code == 200
