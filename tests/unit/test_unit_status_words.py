"""Words that seem to state an immigration status, and words that only sound like it."""

from __future__ import annotations

import pytest

from hearback.listen.concerns.queries.status_words import seems_to_state_status


@pytest.mark.parametrize(
    "text",
    [
        "I am undocumented.",
        "We have NO PAPERS",
        "I don’t have papers",
        "I am un\u200bdocu\u00admented",
        "Soy indocumentada",
        "no tengo papeles",
        "我是非法移民",
        "我在申请庇护",
        "tôi không có giấy tờ",
        "ليس لدي أوراق",
        "أعيش هنا بدون إقامة",
        "mwen pa gen papye",
        "у меня нет документов",
        "я прошу убежища",
        "저는 서류미비자입니다",
        "waraaqo ma haysto",
        "je suis sans-papiers",
        "je suis demandeur d’asile",
    ],
)
def test_a_status_is_noticed(text: str) -> None:
    assert seems_to_state_status(text)


@pytest.mark.parametrize(
    "text",
    [
        "The homeless shelter is closed.",
        "Papers blow about in the bus shelter.",
        "Illegal dumping and illegal parking every night",
        "el refugio de mujeres está cerrado",
        "basura ilegal en la calle",
        "妇女庇护所关门了",
        "nhà tạm trú đóng cửa",
        "ملجأ النساء مغلق",
        "abri otobis la kase",
        "убежище для женщин закрыто",
        "쉼터가 닫혔어요",
        "magangelyo haween",
        "le refuge est fermé, le stationnement est illégal",
    ],
)
def test_a_shelter_a_paper_and_a_car_are_no_status(text: str) -> None:
    assert not seems_to_state_status(text)
