"""Recording for somebody else: who may, what is kept of how it came in, the receipt, and the form on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hearback.design.templatetags.languages import is_translated
from hearback.foundation.access.models import Desk
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.enums import ConcernKind, Safety, Source
from hearback.listen.concerns.forms.intake import ON_SCREENS, Recording
from hearback.listen.concerns.forms.resident import Tell
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries import keys, threads
from hearback.sealing import receipts
from standing_roles import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/concerns/new/"
SAID = "La lámpara de la esquina no da luz."


def written(client: Client, desk: Desk, **other: Any) -> dict[str, Any]:
    """The form as it comes back, with a token that was handed out with it."""
    begun = {"source": other.pop("source", "walk-in"), "language": "es"}
    page = client.get(ADDRESS, begun).content.decode()
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return begun | {"token": token, "kind": "concern", "words": SAID, "desk": desk.key, "read_out": "on"} | other


def test_a_walk_in_desk_records_and_hands_the_receipt_over(liaison: User, overseer: User, oversight_desk: Desk) -> None:
    client = signed_in(liaison)
    answer = client.post(ADDRESS, written(client, oversight_desk))
    concern = Concern.objects.get()
    assert (concern.source, concern.recorded_by, concern.desk, concern.language) == (
        Source.WALK_IN,
        liaison,
        oversight_desk,
        "es",
    )
    typed = " ".join(answer.context["words"])
    assert typed.split()[0] in answer.content.decode()
    receipt_keys = keys.keys_of(receipts.parse(typed, ["es", "en"]))
    assert [line.text for line in threads.words_for_resident(concern, receipt_keys)] == [SAID]


@pytest.mark.parametrize("size", [9_500_000, 12_000_000])
def test_a_file_too_large_is_refused_and_never_left_out_in_silence(
    liaison: User, liaison_desk: Desk, size: int
) -> None:
    client = signed_in(liaison)
    photo = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff" + bytes(size))
    answer = client.post(ADDRESS, written(client, liaison_desk, file=photo))
    assert answer.status_code == 413
    assert "Nothing of it was kept" in answer.content.decode()
    assert not Concern.objects.exists()


def test_whoever_records_for_another_desk_cannot_read_it_there(
    liaison: User, overseer: User, oversight_desk: Desk
) -> None:
    client = signed_in(liaison)
    client.post(ADDRESS, written(client, oversight_desk))
    assert client.get(f"/desk/concerns/{Concern.objects.get().reference}/").status_code == 404


def test_a_second_click_records_once_and_shows_the_same_receipt(liaison: User, liaison_desk: Desk) -> None:
    client = signed_in(liaison)
    form = written(client, liaison_desk)
    first, second = client.post(ADDRESS, form), client.post(ADDRESS, form)
    assert first.context["words"] == second.context["words"]
    assert Concern.objects.count() == 1


def test_other_words_on_a_spent_form_are_not_lost_and_show_no_receipt(liaison: User, liaison_desk: Desk) -> None:
    client = signed_in(liaison)
    form = written(client, liaison_desk)
    client.post(ADDRESS, form)
    answer = client.post(ADDRESS, form | {"words": "Otra cosa."})
    assert answer.status_code == 409
    assert "Otra cosa." in answer.content.decode()
    assert answer.context["token"] != form["token"]
    assert Concern.objects.count() == 1


def test_a_forged_token_is_refused_and_what_was_typed_stays(liaison: User, liaison_desk: Desk) -> None:
    client = signed_in(liaison)
    answer = client.post(ADDRESS, written(client, liaison_desk, token="forged"))
    assert answer.status_code == 422
    assert SAID in answer.content.decode()
    assert not Concern.objects.exists()


@pytest.mark.parametrize("missing", ["kind", "words", "desk", "read_out"])
def test_nothing_is_kept_without_kind_words_reader_and_the_readers_read_out(
    missing: str, liaison: User, liaison_desk: Desk
) -> None:
    client = signed_in(liaison)
    form = written(client, liaison_desk)
    del form[missing]
    assert client.post(ADDRESS, form).status_code == 422
    assert not Concern.objects.exists()


@pytest.mark.parametrize("field", ["words", "contact"])
def test_words_about_immigration_status_are_looked_at_twice(field: str, liaison: User, liaison_desk: Desk) -> None:
    client = signed_in(liaison)
    form = written(client, liaison_desk, **{field: "I am undocumented and afraid."})
    assert "immigration status" in client.post(ADDRESS, form).content.decode()
    assert not Concern.objects.exists()
    client.post(ADDRESS, form | {"send_anyway": "1"})
    assert Concern.objects.count() == 1


def test_a_desk_where_everybody_is_named_is_refused_in_words(liaison: User, liaison_desk: Desk) -> None:
    liaison.last_name = "Okonkwo"
    liaison.save()
    client = signed_in(liaison)
    answer = client.post(ADDRESS, written(client, liaison_desk, words="Okonkwo was rude."))
    assert answer.status_code == 422
    assert "Everybody there is named" in answer.content.decode()


def test_a_partner_enters_a_paper_form(join: Callable[..., User], partner_desk: Desk) -> None:
    client = signed_in(join("pia", Role.PARTNER, partner_desk))
    client.post(ADDRESS, written(client, partner_desk, source="paper"))
    assert Concern.objects.get().source == Source.PAPER


def test_nobody_records_as_if_the_resident_had_written(liaison: User, liaison_desk: Desk) -> None:
    client = signed_in(liaison)
    client.post(ADDRESS, written(client, liaison_desk) | {"source": "resident"})
    assert not Concern.objects.exists()


def test_questions_are_there_to_be_read_out(liaison: User, liaison_desk: Desk) -> None:
    page = signed_in(liaison).get(ADDRESS, {"source": "phone", "language": "ar"}).content.decode()
    assert '<small lang="ar" dir="auto">' in page


def test_the_five_standing_roles_at_the_intake_page(
    liaison: User, teammate: User, outsider: User, overseer: User, client: Client
) -> None:
    for person in (liaison, teammate, outsider):
        assert signed_in(person).get(ADDRESS).status_code == 200
    assert signed_in(overseer).get(ADDRESS).status_code == 403
    assert client.get(ADDRESS)["Location"].startswith("/desk/login/")


def test_the_intake_form_asks_what_the_residents_form_asks() -> None:
    assert set(Recording(desks=[]).fields) == set(Tell.base_fields) - set(ON_SCREENS) | {"read_out"}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if is_translated(code)])
def test_the_paper_form_has_every_question_in_every_language(
    language: str, liaison: User, liaison_desk: Desk, client: Client
) -> None:
    page = client.get("/tell/paper/" if language == "en" else f"/{language}/tell/paper/").content.decode()
    for field in set(Tell.base_fields) - {*ON_SCREENS, "file"}:
        assert f'data-field="{field}"' in page
    assert liaison_desk.name in page
    assert page.count('class="box"') == len(ConcernKind) + len(Safety) + 1


def test_the_paper_form_sets_no_cookie(client: Client) -> None:
    assert not client.get("/tell/paper/").cookies
