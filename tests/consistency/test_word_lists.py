"""The words of receipts: 2,048 in every language, told apart by whoever types them, and none that frightens."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from hearback.foundation.languages.queries import installed_languages
from hearback.sealing.word_lists import LISTS, folded_parts, languages, typing_slips, word_list

pytestmark = pytest.mark.consistency

LETTERS = {
    "en": (3, 8),
    "ar": (3, 7),
    "es": (3, 9),
    "fr": (3, 9),
    "ht": (3, 10),
    "ko": (2, 4),
    "ru": (3, 8),
    "so": (3, 10),
    "vi": (4, 11),
    "zh-hans": (2, 2),
}
"""Fewest and most letters of a word, its blank not counted: syllables in Korean, ideographs in Chinese."""
PARTS = defaultdict(lambda: 1, {"vi": 2, "zh-hans": 2})
NEAR_PAIRS = defaultdict(lambda: 0.0, {"zh-hans": 0.001})
"""Share of pairs that one slip turns into each other; two ideographs are never more than two slips apart."""
WORDS_ACROSS_JOINTS = {"vi": 0.02, "zh-hans": 0.001}
"""Share of pairs of words whose joint, the last part of one and the first of the other, is a word of the list."""

BANNED = {
    "en": "police court judge jail prison arrest border visa deport gun knife bomb kill death blood sick drug god",
    "ar": "شرطة محكمة قاضي سجن اعتقال حدود ترحيل سلاح سكين قنبلة قتل موت دم مرض مخدر الله مسجد مذنب مخبر كلب حمار",
    "es": "policía corte juez cárcel preso arresto frontera visa migra hielo arma cuchillo bomba bala muerte sangre "
    "droga dios soplón rata sapo mojado coyote año concha coger pico pito papaya bicho puta culo",
    "fr": "police flic poulet juge prison cellule arrêt frontière visa expulser arme couteau bombe balle mort sang "
    "drogue dieu indic mouchard balance corbeau mouton chatte bite con queue gland moule pipe",
    "ht": "lapolis tribinal jij prizon arete fwontyè viza imigrasyon zam kouto bonm touye lanmò san maladi dwòg bondye "
    "makout vodou lwa koko zozo kaka bouda langèt jenès masisi bourik kochon",
    "ko": "경찰 법원 판사 감옥 체포 국경 비자 추방 총 칼 폭탄 죽음 피 병 마약 하느님 교회 간첩 고추 조개 쥐",
    "ru": "полиция суд судья тюрьма арест срок граница виза оружие нож бомба пуля смерть кровь наркотик бог стукач "
    "дятел барабан наряд зона камера голубой петух козёл член яйцо очко сука",
    "so": "booliis maxkamad garsoore xabsi xidhid xadka fiiso qaxooti qori mindi bunduq hub rasaas qarax dil dhimasho "
    "dhiig jirro qaad ilaahay masjid qabiil basaas xisbi dagaal weerar siil gus futo dabo",
    "vi": "cảnh sát, công an, tòa án, thẩm phán, nhà tù, côn đảo, bắt giữ, biên giới, thị thực, trục xuất, khẩu súng, "
    "con dao, quả bom, cái chết, máu me, bệnh tật, ma túy, chúa trời, tình dục, cá mập, xã hội, tự do",
    "zh-hans": "警察 法院 法官 监狱 逮捕 边境 签证 遣返 枪支 小刀 炸弹 杀人 死亡 鲜血 疾病 毒品 上帝 教堂 政府 "
    "喝茶 包子 小姐 同志 菊花",
}
"""Words that must not come in: of the state's power, of violence and illness, of faith, and with a second meaning."""

every_language = pytest.mark.parametrize("language", languages())


def test_every_installed_language_has_a_list_and_every_list_a_language() -> None:
    assert set(languages()) == {language.code for language in installed_languages()}
    assert languages()[0] == "en"


@every_language
def test_a_list_has_2048_words_one_on_each_line(language: str) -> None:
    text = (LISTS / f"{language}.txt").read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert text.count("\n") == len(word_list(language).words) == 2048


@every_language
def test_words_are_written_in_one_way(language: str) -> None:
    for word in word_list(language).words:
        assert word == unicodedata.normalize("NFC", word).strip().casefold()
        assert all(sign.isalpha() or sign in " '" for sign in word), word


@every_language
def test_folded_words_differ_and_stand_in_their_order(language: str) -> None:
    words = word_list(language)
    assert len(words.numbers) == len(words.words)
    assert list(words.numbers) == sorted(words.numbers)


@every_language
def test_words_have_as_many_parts_and_letters_as_their_language_allows(language: str) -> None:
    fewest, most = LETTERS[language]
    for word in word_list(language).words:
        assert len(folded_parts(word)) == PARTS[language], word
        assert fewest <= sum(sign.isalpha() for sign in word) <= most, word


@every_language
def test_no_word_can_be_taken_for_a_word_that_cannot_be_read(language: str) -> None:
    assert "x" not in word_list(language).numbers


def test_english_words_are_told_apart_by_four_letters() -> None:
    assert len({word[:4] for word in word_list("en").words}) == 2048


@every_language
def test_one_typing_slip_hardly_ever_makes_another_word(language: str) -> None:
    folded = list(word_list(language).numbers)
    pairs = len(folded) * (len(folded) - 1) / 2
    assert len(_near_pairs(folded)) <= NEAR_PAIRS[language] * pairs


@pytest.mark.parametrize("language", WORDS_ACROSS_JOINTS)
def test_two_neighbours_hardly_ever_hide_a_third_word(language: str) -> None:
    words = [tuple(folded_parts(word)) for word in word_list(language).words]
    starts, ends = Counter(first for first, _ in words), Counter(last for _, last in words)
    assert sum(ends[first] * starts[last] for first, last in words) <= WORDS_ACROSS_JOINTS[language] * len(words) ** 2


def test_chinese_words_share_an_ideograph_at_its_place_with_one_other_at_most() -> None:
    for place in (0, 1):
        assert max(Counter(word[place] for word in word_list("zh-hans").words).values()) <= 2


def test_chinese_words_use_the_common_signs_that_every_phone_writes() -> None:
    for word in word_list("zh-hans").words:
        word.encode("gb2312")


@every_language
def test_no_word_frightens_or_has_a_second_meaning(language: str) -> None:
    separator = "," if language == "vi" else " "
    banned = {"".join(folded_parts(word)) for word in BANNED[language].split(separator)}
    assert not banned & set(word_list(language).numbers)


def _near_pairs(words: list[str]) -> set[tuple[str, str]]:
    """The pairs one slip apart; such a pair has a letter each that can be left out so that the same remains."""
    remains: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for rest in {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}:
            remains[rest].add(word)
    return {pair for group in remains.values() for pair in combinations(sorted(group), 2) if typing_slips(*pair) <= 1}
