"""One concern on its desk's pages: read, assign, answer, note, reach, merge, hand over, share, close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from concerns import WORDS, Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident as by_receipt
from hearback.listen.concerns.enums import Author, Safety, State
from hearback.listen.concerns.models import Attachment, Concern
from hearback.listen.concerns.queries import threads
from hearback.listen.concerns.queries.uploads import Upload
from standing_roles import signed_in, unlocked

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]

STEPS = ("answer", "grade", "assign", "note", "contact", "merge", "unmerge", "handover", "share", "close")
ANSWER = "The lamp will be mended on Monday. I will write to you here again."


def page_of(sent: Sent | Concern, step: str = "") -> str:
    """The address of a concern's page, or of one of its steps."""
    concern = sent.concern if isinstance(sent, Sent) else sent
    return f"/desk/concerns/{concern.reference}/{step}{'/' if step else ''}"


def send_answer(client: Client, sent: Sent, text: str = ANSWER, *, seen: int = 1, step: str = "send"):
    """One step of answering."""
    return client.post(page_of(sent, "answer"), {"text": text, "seen": seen, "step": step})


@pytest.fixture
def one(sent: Sends, liaison: User, teammate: User, liaison_desk: Desk) -> Sent:
    """A concern at the liaisons' desk."""
    return sent(liaison_desk, contact="telephone 555-0100")


def test_the_liaison_reads_the_dialogue(one: Sent, liaison: User) -> None:
    shown = unlocked(liaison).get(page_of(one)).content.decode()
    assert WORDS in shown
    assert "555-0100" not in shown
    assert "never call back" not in shown.lower()


def test_a_page_never_shows_the_receipt_or_its_lookup(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    for address in ("/desk/concerns/", page_of(one)):
        shown = client.get(address).content
        assert one.submission.receipt.text.encode() not in shown
        assert bytes(one.concern.lookup).hex().encode() not in shown


def test_a_locked_key_leads_to_the_passphrase_and_back(one: Sent, liaison: User) -> None:
    answer = signed_in(liaison).get(page_of(one))
    assert answer.status_code == 302
    assert answer["Location"] == f"/desk/keys/unlock/?next=%2Fdesk%2Fconcerns%2F{one.concern.reference}%2F"


def test_what_was_typed_survives_a_key_that_locked_meanwhile(one: Sent, liaison: User) -> None:
    shown = send_answer(signed_in(liaison), one)
    assert shown.status_code == 423
    assert ANSWER in shown.content.decode()
    assert one.concern.messages.count() == 1


@pytest.mark.parametrize("step", ["", *STEPS])
def test_only_its_readers_reach_any_page_of_a_concern(
    step: str, one: Sent, teammate: User, outsider: User, overseer: User
) -> None:
    for stranger in (outsider, overseer):
        client = unlocked(stranger)
        answer = client.post(page_of(one, step)) if step else client.get(page_of(one))
        assert answer.status_code == 404
        assert "Not sealed to you" in answer.content.decode()
    answer = Client().post(page_of(one, step)) if step else Client().get(page_of(one))
    assert answer["Location"].startswith("/desk/login/")
    assert unlocked(teammate).get(page_of(one)).status_code == 200
    assert not Entry.objects.filter(subject=f"concern:{one.concern.reference}").exclude(verb="concerns.submit").exists()


def test_a_concern_that_does_not_exist_answers_as_one_that_is_closed_to_me(one: Sent, outsider: User) -> None:
    client = unlocked(outsider)
    closed, missing = client.get(page_of(one)), client.get("/desk/concerns/2222222222/")
    same = closed.content.replace(one.concern.reference.encode(), b"2222222222")
    assert (closed.status_code, same) == (missing.status_code, missing.content)


def test_an_answer_is_seen_before_it_goes(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    preview = send_answer(client, one, step="preview")
    assert preview.status_code == 200
    assert "Reading level: school year" in preview.content.decode()
    assert one.concern.messages.count() == 1
    assert send_answer(client, one).status_code == 302
    lines = threads.words_for_resident(one.concern, one.keys)
    assert [(line.author, line.text) for line in lines] == [(Author.RESIDENT, WORDS), (Author.DESK, ANSWER)]


def test_a_template_is_put_behind_what_was_written(one: Sent, liaison: User) -> None:
    given = {"text": "Good morning.", "seen": 1, "step": "template", "template": "heard"}
    shown = unlocked(liaison).post(page_of(one, "answer"), given).content.decode()
    assert "Good morning.\n\nThank you for telling us." in shown.replace("\r\n", "\n")
    assert one.concern.messages.count() == 1


def test_a_template_that_nobody_signed_is_called_a_draft(
    one: Sent, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    client, spanish = unlocked(liaison), sent(liaison_desk, text="Hola.", language="es")
    assert "machine drafts" in client.get(page_of(spanish)).content.decode()
    assert "machine drafts" not in client.get(page_of(one)).content.decode()


def test_a_blank_that_nobody_filled_in_is_never_sent(one: Sent, liaison: User) -> None:
    answer = send_answer(unlocked(liaison), one, "I will [what you will do] soon.")
    assert answer.status_code == 422
    assert "[what you will do]" in answer.content.decode()
    assert one.concern.messages.count() == 1


def test_a_second_click_sends_one_answer(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    send_answer(client, one)
    assert send_answer(client, one).status_code == 409
    assert one.concern.messages.count() == 2


def test_an_answer_waits_when_the_resident_wrote_meanwhile(one: Sent, liaison: User, at: datetime) -> None:
    by_receipt.reply(one.concern, "It is mended by now.", keys=one.keys, by=RESIDENT, at=at)
    shown = send_answer(unlocked(liaison), one)
    assert shown.status_code == 409
    assert "Something was written since" in shown.content.decode()
    assert ANSWER in shown.content.decode()
    assert one.concern.messages.count() == 2


def test_assigning_says_that_somebody_looks_at_it(one: Sent, liaison: User, teammate: User) -> None:
    unlocked(liaison).post(page_of(one, "assign"), {"chosen": teammate.username})
    one.concern.refresh_from_db()
    assert (one.concern.assignee, one.concern.state) == (teammate, State.BEING_READ)


def test_a_note_stays_among_the_desk(one: Sent, liaison: User, teammate: User) -> None:
    unlocked(liaison).post(page_of(one, "note"), {"text": "Ask the works department."})
    assert "Ask the works department." in unlocked(teammate).get(page_of(one)).content.decode()
    assert len(threads.words_for_resident(one.concern, one.keys)) == 1


def test_opening_the_contact_is_on_record(one: Sent, liaison: User) -> None:
    shown = unlocked(liaison).post(page_of(one, "contact")).content.decode()
    assert "telephone 555-0100" in shown
    assert Entry.objects.filter(verb="concerns.open_contact", by="person:lia").count() == 1


def test_the_contact_does_not_open_by_a_link(one: Sent, liaison: User) -> None:
    assert unlocked(liaison).get(page_of(one, "contact")).status_code == 405


def test_whoever_must_not_be_called_back_is_not(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk, contact="telephone 555-0100", safety=Safety.VIOLENCE)
    client = unlocked(liaison)
    shown = client.get(page_of(one)).content.decode()
    assert "Never call back, remind or survey this resident." in shown
    assert "this is recorded" not in shown
    assert "555-0100" not in client.post(page_of(one, "contact")).content.decode()


def test_a_duplicate_is_merged_and_hears_the_answer(one: Sent, sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    other, client = sent(liaison_desk, text="The same lamp."), unlocked(liaison)
    client.post(page_of(other, "merge"), {"chosen": one.concern.reference})
    assert "also goes to 1 concern" in client.get(page_of(one)).content.decode()
    send_answer(client, one)
    assert threads.words_for_resident(other.concern, other.keys)[-1].text == ANSWER


def test_a_duplicate_is_taken_apart_again_and_hears_nothing_more(
    one: Sent, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    other, client = sent(liaison_desk, text="Another lamp after all."), unlocked(liaison)
    client.post(page_of(other, "merge"), {"chosen": one.concern.reference})
    assert "Not a duplicate after all?" in client.get(page_of(other)).content.decode()
    told = client.post(page_of(other, "unmerge"), follow=True).content.decode()
    assert "from now on each is answered by itself" in told
    assert "Not a duplicate after all?" not in told
    send_answer(client, one)
    assert len(threads.words_for_resident(other.concern, other.keys)) == 1
    entry = Entry.objects.get(verb="concerns.unmerge")
    assert (entry.subject, entry.by) == (f"concern:{other.concern.reference}", "person:lia")
    assert entry.detail == {"from": one.concern.reference}


def test_what_its_resident_heard_stays_when_a_duplicate_is_taken_apart(
    one: Sent, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    other, client = sent(liaison_desk, text="Another lamp after all."), unlocked(liaison)
    client.post(page_of(other, "merge"), {"chosen": one.concern.reference})
    send_answer(client, one)
    client.post(page_of(other, "unmerge"))
    assert threads.words_for_resident(other.concern, other.keys)[-1].text == ANSWER
    assert other.concern.state == State.ANSWERED


def test_what_was_never_merged_cannot_be_taken_apart(one: Sent, liaison: User) -> None:
    answer = unlocked(liaison).post(page_of(one, "unmerge"))
    assert answer.status_code == 422
    assert "merged into nothing" in answer.content.decode()


def test_a_handover_is_asked_and_seals_nothing(one: Sent, liaison: User, overseer: User, oversight_desk: Desk) -> None:
    client = unlocked(liaison)
    client.post(page_of(one, "handover"), {"chosen": oversight_desk.key})
    assert "has not answered" in client.get(page_of(one)).content.decode()
    assert unlocked(overseer).get(page_of(one)).status_code == 404


def test_a_colleague_whom_it_names_is_not_offered_it(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk
) -> None:
    teammate.last_name = "Okonkwo"
    teammate.save()
    one, client = sent(liaison_desk, text="Officer Okonkwo was rude."), unlocked(liaison)
    assert "Let a colleague" not in client.get(page_of(one)).content.decode()
    assert client.post(page_of(one, "share"), {"chosen": teammate.username}).status_code == 422
    assert unlocked(teammate).get(page_of(one)).status_code == 404


def test_closing_is_offered_once_it_is_answered(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    assert client.post(page_of(one, "close")).status_code == 422
    send_answer(client, one)
    assert client.post(page_of(one, "close")).status_code == 302
    one.concern.refresh_from_db()
    assert one.concern.state == State.CLOSED


def test_a_photo_is_saved_and_never_shown(sent: Sends, liaison: User, overseer: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk, uploads=[Upload("image/jpeg", b"\xff\xd8 a street light")])
    number = Attachment.objects.get().pk
    saved = unlocked(liaison).get(page_of(one, f"attachments/{number}"))
    assert saved.content == b"\xff\xd8 a street light"
    assert saved["Content-Disposition"].startswith("attachment; ")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved["Content-Security-Policy"]
    assert unlocked(overseer).get(page_of(one, f"attachments/{number}")).status_code == 404


def test_an_attachment_of_another_concern_is_not_there(
    one: Sent, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    sent(liaison_desk, text="Another.", uploads=[Upload("image/jpeg", b"\xff\xd8")])
    number = Attachment.objects.get().pk
    assert unlocked(liaison).get(page_of(one, f"attachments/{number}")).status_code == 404


def test_unknown_kinds_of_files_leave_as_plain_bytes(one: Sent, liaison: User) -> None:
    attachment = Attachment(message=one.concern.messages.get(), media_type="text/html")
    key = threads.resident_words_key(one.concern, one.keys)
    attachment.sealed = threads_encrypt(one.concern, key, b"<script>")
    attachment.save()
    saved = unlocked(liaison).get(page_of(one, f"attachments/{attachment.pk}"))
    assert saved["Content-Type"] == "application/octet-stream"


def threads_encrypt(concern: Concern, key: bytes, content: bytes) -> bytes:
    """An attachment's bytes as they lie in the database."""
    from hearback.listen.concerns.queries.keys import ATTACHMENT, context_of
    from hearback.sealing.contents import encrypt

    return encrypt(content, key=key, context=context_of(concern.reference, ATTACHMENT))


def test_somebody_who_left_the_desk_is_let_in_no_more(one: Sent, liaison: User, at: datetime) -> None:
    liaison.seats.update(left_at=at)
    assert unlocked(liaison).get(page_of(one)).status_code == 404


def test_a_withdrawn_concern_is_gone_from_the_desk(one: Sent, liaison: User, at: datetime) -> None:
    client = unlocked(liaison)
    by_receipt.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert client.get(page_of(one)).status_code == 404
    assert send_answer(client, one).status_code == 404


def test_a_refusal_is_told_on_the_page(one: Sent, liaison: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from hearback.listen.concerns.actions._writing import NotNow

    def refuse(*args: object, **kwargs: object) -> None:
        raise NotNow("it is not the time")

    monkeypatch.setattr(at_desk, "assign", refuse)
    answer = unlocked(liaison).post(page_of(one, "assign"), {"chosen": liaison.username})
    assert answer.status_code == 422
    assert "it is not the time" in answer.content.decode()
