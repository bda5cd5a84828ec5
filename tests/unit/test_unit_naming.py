"""Who is named in a text, in the ways people write names."""

from __future__ import annotations

import pytest

from hearback.foundation.people.models import User
from hearback.listen.concerns.queries.naming import people_named_in


def _person(first: str = "", last: str = "", badge: str = "", username: str = "somebody-else") -> User:
    return User(username=username, first_name=first, last_name=last, badge=badge)


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (_person("Ana", "Smith"), "Officer SMITH shouted at me."),
        (_person("Ana", "Smith"), "It was Smith's car."),
        (_person("José", "García-López"), "el agente garcia lopez"),
        (_person("José", "García-López"), "el agente García me gritó"),
        (_person("José", "Garcia"), "fue GARCÍA"),
        (_person("Liam", "O'Brien"), "officer OBrien"),
        (_person("Liam", "O'Brien"), "officer O’Brien"),
        (_person("Wei", "Li"), "Officer Li was rude"),
        (_person("Wei", "Li"), "it was Wei Li"),
        (_person("Wei", "Li"), "it was Li Wei"),
        (_person("Minh", "Đặng"), "ông Dang không nghe"),
        (_person("Lan", "Ng"), "Officer Ng"),
        (_person("Michael", "Unpronounceable"), "Officer Michael stopped me"),
        (_person("伟", "王"), "王伟打了我"),
        (_person("伟", "王"), "那个王警官骂我"),
        (_person("민수", "김"), "김민수가 소리를 질렀어요"),
        (_person("민수", "김"), "김 경관이 그랬어요"),
        (_person("Иван", "Иванов"), "я говорила с Ивановым"),
        (_person("Ольга", "Соколовский"), "жалоба на Соколовского"),
        (_person("أحمد", "الحسن"), "كان هذا من الحسن"),
        (_person("أحمد", "الحسن"), "تكلمت مع أحمد الحَسَن"),
        (_person("أحمد", "حمودة"), "ذهبت لحموده"),
        (_person(badge="4471"), "badge 4471"),
        (_person(badge="4471"), "his number was #4471."),
        (_person(badge="4471"), "رقم ٤٤٧١"),
        (_person(badge="B-12"), "badge B12 or b 12"),
        (_person(badge="17"), "placa 17"),
        (_person(username="jsmith"), "write to jsmith please"),
        (_person("Ana", "Smith"), "it was Smi\u00adth"),
        (_person("Ana", "Smith"), "it was S\u200bmith"),
        (_person("Ana", "Smith"), "officer\u200bSmith\u200bshouted"),
    ],
)
def test_somebody_named_is_found(person: User, text: str) -> None:
    assert people_named_in(text, [person]) == [person]


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (_person("Ana", "Smith"), "The blacksmith and the Smithsonian."),
        (_person("Wei", "Li"), "Li mwen pa konnen; the list"),
        (_person("Jin", "No"), "No me ayudaron, and no officer came."),
        (_person("José", "de los Santos"), "los perros de la calle"),
        (_person("伟", "王"), "国王的路灯坏了"),
        (_person("민수", "김"), "김치 가게 앞 가로등"),
        (_person("Иван", "Иванов"), "улица тёмная"),
        (_person(badge="17"), "17 people waited at bus 170"),
        (_person(badge="4471"), "call 555-44719"),
        (_person(), "nobody in particular"),
    ],
)
def test_somebody_not_named_stays_a_reader(person: User, text: str) -> None:
    assert people_named_in(text, [person]) == []


def test_only_those_named_are_found() -> None:
    smith, jones = _person("Ana", "Smith"), _person("Bo", "Jones")
    assert people_named_in("Jones did it", [smith, jones]) == [jones]


def test_a_long_text_of_nothing_is_read_quickly_enough_to_finish() -> None:
    assert people_named_in("a " * 200_000, [_person("Ana", "Smith", badge="1234")]) == []
