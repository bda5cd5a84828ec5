"""What the tests do inside an installation, in a process that can be killed: `in_an_installation.py VERB DIR …`."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hearback.cli.installation import create, open_existing

PASSPHRASES = {
    "lia": "copper kettle under orchard",
    "cora": "velvet harbour seven spoons",
    "pia": "only the union knows this one",
    "ova": "only oversight knows this one",
}
ROLES = {"lia": "liaison", "cora": "coordinator", "pia": "partner", "ova": "oversight"}
DESKS = {"team": ("liaison", ("lia", "cora")), "union": ("partner", ("pia",)), "board": ("oversight", ("ova",))}
AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


def words_to(desk: str) -> dict[str, str]:
    """What is said to a desk, under every seal there is."""
    return {part: f"PLAINTEXT-{desk}-{part}-" + "x" * 20 for part in ("words", "contact", "note", "photo", "reply")}


def prepare() -> None:
    """Three desks with people who have keys."""
    from hearback.foundation.access import actions as access
    from hearback.foundation.access.enums import DeskKind
    from hearback.foundation.audit.enums import software
    from hearback.foundation.people import actions as people
    from hearback.foundation.people.enums import Role
    from hearback.foundation.vault import actions as vault
    from hearback.foundation.vault.queries import third_and_last
    from hearback.sealing.personal_keys import Cost

    by = software("test")
    for key, (kind, seated) in DESKS.items():
        desk = access.open_desk(key=key, kind=DeskKind(kind), name=key, by=by, at=AT)
        for name in seated:
            person = people.welcome(
                username=name, role=Role(ROLES[name]), password=f"{name}-otter-lantern-17", by=by, at=AT
            )
            recovery = vault.make_key(
                person, passphrase=PASSPHRASES[name], by=by, at=AT, cost=Cost(memory_kib=8, passes=1)
            )
            vault.confirm_key(person, recovery_key=recovery, typed=third_and_last(recovery), by=by, at=AT)
            access.give_seat(desk, person=person, by=by, at=AT)


def say_everything() -> dict[str, str]:
    """A concern to each desk with everything a concern can hold; gives the receipts."""
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.foundation.people.queries import person_named
    from hearback.foundation.vault.queries import key_of
    from hearback.listen.concerns.actions import desk as at_desk
    from hearback.listen.concerns.actions import resident
    from hearback.listen.concerns.queries import keys as secrets_of
    from hearback.listen.concerns.queries.uploads import Upload
    from hearback.sealing import personal_keys

    receipts = {}
    for key, (_, seated) in DESKS.items():
        said = words_to(key)
        done = send(
            key,
            said["words"],
            contact=said["contact"],
            uploads=[Upload("image/png", said["photo"].encode())],
            pin=(-70.5, 40.5),
        )
        resident.reply(
            done.concern, said["reply"], keys=secrets_of.keys_of(done.receipt), by=RESIDENT, at=datetime.now(UTC)
        )
        person = person_named(seated[0])
        private_key = personal_keys.unlock(key_of(person).locked, PASSPHRASES[seated[0]])
        at_desk.note(
            done.concern, said["note"], person=person, private_key=private_key, by=person.actor, at=datetime.now(UTC)
        )
        receipts[key] = done.receipt.text
    return receipts


def send(desk: str, text: str, **more: Any) -> Any:
    """One submission, as a page makes it."""
    from hearback.foundation.access.queries import desk_with
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.listen.concerns.actions.submitting import Draft, submit
    from hearback.listen.concerns.enums import ConcernKind
    from hearback.listen.concerns.queries import keys as secrets_of

    at = datetime.now(UTC)
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    draft = Draft(kind=ConcernKind.CONCERN, text=text, language="en", desk=desk_with(desk), **more)
    return submit(draft, token=token, by=RESIDENT, at=at)


def send_for_ever(first: str) -> None:
    """Sends one after the other and says each receipt once it may be relied on, until somebody kills it."""
    number = int(first)
    while True:
        done = send("team", f"concern {number} " + "words " * 300, contact=f"contact {number}")
        print(f"{number}\t{done.receipt.text}", flush=True)
        number += 1


def send_from_threads(threads: str, each: str) -> list[str]:
    """Many at once; gives what went wrong."""
    problems: list[str] = []

    def work(thread: int) -> None:
        from django.db import connection

        try:
            for number in range(int(each)):
                send("team", f"thread {thread} number {number}")
        except Exception as problem:
            problems.append(repr(problem))
        finally:
            connection.close()

    _all_at_once([lambda thread=thread: work(thread) for thread in range(int(threads))])
    return problems


def click_twice_from_threads(clicks: str) -> dict[str, Any]:
    """The same form, sent by many threads in the same moment."""
    from hearback.foundation.access.queries import desk_with
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.listen.concerns.actions.submitting import Draft, submit
    from hearback.listen.concerns.enums import ConcernKind
    from hearback.listen.concerns.models import Concern
    from hearback.listen.concerns.queries import keys as secrets_of

    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=AT), at=AT)
    draft = Draft(kind=ConcernKind.CONCERN, text="one click", language="en", desk=desk_with("team"))
    receipts: list[str] = []

    def work() -> None:
        from django.db import connection

        try:
            receipts.append(submit(draft, token=token, by=RESIDENT, at=AT).receipt.text)
        except Exception as problem:
            receipts.append(repr(problem))
        finally:
            connection.close()

    _all_at_once([work] * int(clicks))
    return {"receipts": sorted(set(receipts)), "answers": len(receipts), "concerns": Concern.objects.count()}


def announce_from_threads(clicks: str) -> dict[str, Any]:
    """The same announcement, sent by many threads in the same moment; then a flood of different ones."""
    from hearback.foundation.access.queries import desk_with
    from hearback.foundation.people.queries import person_named
    from hearback.listen.engagements.actions import Occasion, announce
    from hearback.listen.engagements.actions import withdraw as withdraw_one
    from hearback.listen.engagements.enums import EngagementKind
    from hearback.listen.engagements.models import Engagement

    partner, answers, times = person_named("pia").actor, list[str](), [AT + timedelta(days=days) for days in (3, 4)]

    def work(title: str) -> None:
        from django.db import connection

        try:
            occasion = Occasion(EngagementKind.FORUM, title, "en", *times)
            answers.append(announce(desk_with("union"), occasion, by=partner, at=AT).reference)
        except Exception as problem:
            answers.append(type(problem).__name__)
        finally:
            connection.close()

    _all_at_once([lambda: work("one click")] * int(clicks))
    clicked = sorted(set(answers))
    _all_at_once([lambda title=f"flood {number}": work(title) for number in range(4 * int(clicks))])
    for one in Engagement.objects.filter(state="waiting"):
        withdraw_one(one, by=partner, at=AT)
    return {"clicked": clicked, "waiting": len(set(answers) - {"TooManyWaiting"}), "answers": len(answers)}


def decide_while_rewording(rounds: str) -> list[str]:
    """One rewords while another publishes and a third sends back what they read; gives what stands there unread."""
    from hearback.foundation.access.queries import desk_with
    from hearback.foundation.people.queries import person_named
    from hearback.listen.engagements import actions
    from hearback.listen.engagements.enums import EngagementKind, Ground
    from hearback.listen.engagements.models import Engagement

    partner, coordinator, overseer = (person_named(name).actor for name in ("pia", "cora", "ova"))
    times, problems = [AT + timedelta(days=days) for days in (3, 4)], list[str]()

    def occasion(title: str) -> actions.Occasion:
        return actions.Occasion(EngagementKind.FORUM, title, "en", *times)

    def work(action: Callable[..., Any], *words: Any, **given: Any) -> None:
        from django.db import connection

        try:
            action(Engagement.objects.get(reference=made.reference), *words, at=AT, **given)
        except actions.NotNow:
            pass
        except Exception as problem:
            problems.append(repr(problem))
        finally:
            connection.close()

    for number in range(int(rounds)):
        made = actions.announce(desk_with("union"), occasion(f"read {number}"), by=partner, at=AT)
        _all_at_once(
            [
                lambda: work(actions.publish, seen=1, by=coordinator),
                lambda: work(actions.reword, occasion("unread"), by=partner),
                lambda: work(actions.send_back, ground=Ground.HARM, remark="x", seen=1, by=overseer),
            ]
        )
        stands = Engagement.objects.get(pk=made.pk)
        if stands.state == "published" and stands.title == "unread":
            problems.append(f"published unread: {stands.reference}")
        if stands.state == "waiting":
            actions.withdraw(stands, by=partner, at=AT)
    return problems


def answer_while_withdrawing(rounds: str) -> list[str]:
    """Two at the desk answer while the resident withdraws; gives everything that is not as it should be."""
    from hearback.foundation.people.queries import person_named
    from hearback.foundation.vault.queries import key_of
    from hearback.sealing import personal_keys

    people = [person_named(name) for name in ("lia", "cora")]
    keys = {person.pk: personal_keys.unlock(key_of(person).locked, PASSPHRASES[person.username]) for person in people}
    return [problem for number in range(int(rounds)) for problem in _one_race(number, people, keys)]


def _one_race(number: int, people: list[Any], keys: dict[int, bytes]) -> list[str]:
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.listen.concerns.actions import desk as at_desk
    from hearback.listen.concerns.actions import resident
    from hearback.listen.concerns.models import Concern, Message, SealedKey
    from hearback.listen.concerns.queries import keys as secrets_of
    from hearback.refusal import Refusal

    done = send("team", f"race {number}")
    problems: list[str] = []

    def attempt(step: Callable[[], object]) -> Callable[[], None]:
        def work() -> None:
            from django.db import connection

            try:
                step()
            except Refusal:
                pass
            except Exception as problem:
                problems.append(repr(problem))
            finally:
                connection.close()

        return work

    def fresh() -> Concern:
        return Concern.objects.get(pk=done.concern.pk)

    answers = [
        lambda person=person: at_desk.answer(
            fresh(), f"answer of {person}", person=person, private_key=keys[person.pk], by=person.actor, at=AT
        )
        for person in people
    ]

    def withdrawal() -> object:
        return resident.withdraw(fresh(), keys=secrets_of.keys_of(done.receipt), by=RESIDENT, at=AT)

    _all_at_once([attempt(step) for step in [*answers, withdrawal]])
    concern = fresh()
    left = Message.objects.filter(concern=concern).count() + SealedKey.objects.filter(concern=concern).count()
    if concern.state != "withdrawn" or left or concern.resident_key:
        problems.append(f"race {number}: {concern.state}, {left} rows left")
    return problems


def _all_at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look_around(*receipts: str) -> dict[str, Any]:
    """What is there: what each receipt opens, and whether anything is half there."""
    from django.db.models import Count, Q

    from hearback.foundation.audit.models import Entry
    from hearback.foundation.audit.queries import verify
    from hearback.listen.concerns.models import Concern
    from hearback.listen.concerns.queries import keys as secrets_of
    from hearback.listen.concerns.queries import threads
    from hearback.sealing.receipts import parse

    opened = []
    for text in receipts:
        keys = secrets_of.keys_of(parse(text, ["en"]))
        concern = threads.by_lookup(keys)
        opened.append(None if concern is None else threads.words_for_resident(concern, keys)[0].text)
    whole = Concern.objects.annotate(
        said=Count("messages", distinct=True), keys=Count("sealed_keys", distinct=True)
    ).filter(Q(said__gte=1) & Q(keys__gte=5))
    submitted = Entry.objects.filter(verb="concerns.submit").count()
    return {
        "opened": opened,
        "concerns": Concern.objects.count(),
        "whole": whole.count(),
        "withdrawn": Concern.objects.filter(state="withdrawn").count(),
        "in_audit": submitted,
        "chain_holds": verify().holds,
    }


def withdraw(receipt: str) -> None:
    """What its resident does when it is to be gone."""
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.listen.concerns.actions import resident
    from hearback.listen.concerns.queries import keys as secrets_of
    from hearback.listen.concerns.queries.threads import by_lookup
    from hearback.sealing.receipts import parse

    keys = secrets_of.keys_of(parse(receipt, ["en"]))
    resident.withdraw(by_lookup(keys), keys=keys, by=RESIDENT, at=datetime.now(UTC))


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        prepare,
        say_everything,
        send_for_ever,
        send_from_threads,
        click_twice_from_threads,
        announce_from_threads,
        decide_while_rewording,
        answer_while_withdrawing,
        look_around,
        withdraw,
    )
}

if __name__ == "__main__":
    verb, folder, *arguments = sys.argv[1:]
    (create if verb == "prepare" else open_existing)(Path(folder))
    print(json.dumps(VERBS[verb](*arguments)))
