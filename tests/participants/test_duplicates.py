"""Who may be on record twice: what is found, in which order, how fast, and what is remembered."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants.duplicates import report as duplicates
from imp_wagtail.participants.duplicates.merging import tell_apart
from imp_wagtail.participants.duplicates.report import Person, Reason, alike, likely_duplicates, mailbox
from imp_wagtail.participants.models import DistinctPair, Participant
from tests.factories import EnrolmentFactory, ParticipantFactory, facilitator, registrar
from tests.participants.screens import queries_of, with_permissions
from tests.participants.support import imp, logged, refused, unchanged


def people(*names: str, **details: Any) -> list[Person]:
    """People with these names and nothing else in common."""
    values = {"email": "", "town": "", "country": "", **details}
    return [Person(pk, name, **values) for pk, name in enumerate(names, start=1)]


def reasons(*names: str) -> list[tuple[Reason, ...]]:
    return [likeness.reasons for likeness in alike(people(*names), set())]


class TestNames:
    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("Zoë Jansen", "zoe JANSEN"),
            ("Zoë van der Meer", "Meer, Zoe van der"),
            ("Łukasz Żak", "Lukasz Zak"),
            ("Анна Петрова", "Петрова Анна"),
            ("山田 花子", "花子 山田"),
            ("محمد علي", "علي محمد"),
        ],
    )
    def test_a_name_is_the_same_in_any_spelling_and_order(self, one: str, another: str) -> None:
        assert reasons(one, another) == [(Reason.NAME,)]

    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("Anna Jansen", "Anna Janssen"),
            ("Kristina Meyer", "Christina Meyer"),
            ("Olga Petrov", "Olga Betrov"),
            ("Maria Fernandez", "Mraia Fernandez"),
            ("Annemarie Smit", "Anne Marie Smit"),
            ("Jürgen Müller", "Jürgen Mueller"),
            ("Анна Петрова", "Анна Петровна"),
            ("محمد عبد الرحمن", "محمد عبدالرحمن"),
            ("王 芳", "王芳"),
        ],
    )
    def test_a_mistake_or_a_space_makes_a_name_nearly_the_same(self, one: str, another: str) -> None:
        assert reasons(one, another) == [(Reason.NEARLY,)]

    @pytest.mark.parametrize(("one", "another"), [("Anna Jansen", "Anna Maria Jansen"), ("花子 山田 M", "山田 花子")])
    def test_a_name_may_be_part_of_another(self, one: str, another: str) -> None:
        assert reasons(one, another) == [(Reason.PART,)]

    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("Anna Jansen", "Anna Petersen"),
            ("Anna", "Anna Jansen"),
            ("Eva Smit", "Ewa Smid"),
            ("王芳", "王方"),
            ("Participant Number 17", "Participant Number 18"),
            ("…", "!!"),
        ],
    )
    def test_other_names_are_other_names(self, one: str, another: str) -> None:
        assert reasons(one, another) == []

    def test_a_mistake_is_found_among_many_names_wherever_it_stands(self) -> None:
        surnames = [
            f"{start}{middle}{end}" for start in "BDFGK" for middle in ("arn", "ell", "ost") for end in "aeiou"
        ]
        crowd = [f"Willem {surname}berg" for surname in surnames]
        for wrong in ("Vrederike Zandstra", "Frederike Xandstra", "Frederike Zandstro", "Frederika Zandstra"):
            found = alike(people("Frederike Zandstra", *crowd, wrong), set())
            assert (1, len(crowd) + 2) in [(likeness.first, likeness.second) for likeness in found]


class TestMailboxes:
    @pytest.mark.parametrize(
        ("address", "where"),
        [
            ("Ana@Example.org", "ana@example.org"),
            ("ana+imp@example.org", "ana@example.org"),
            ("a.n.a@example.org", "a.n.a@example.org"),
            ("A.n.a+x@googlemail.com", "ana@gmail.com"),
            ("+ana@example.org", "+ana@example.org"),
            ("", ""),
        ],
    )
    def test_an_address_leads_to_a_mailbox(self, address: str, where: str) -> None:
        assert mailbox(address) == where

    def test_one_mailbox_written_differently_is_a_reason_and_no_address_is_none(self) -> None:
        ana, maria = people("Ana Núñez", "Maria Nowak")

        assert alike([ana, maria], set()) == []
        found = alike([ana._replace(email="a.nn@gmail.com"), maria._replace(email="ann+imp@gmail.com")], set())
        assert [likeness.reasons for likeness in found] == [(Reason.MAILBOX,)]


@pytest.mark.parametrize(("one", "another"), [("Anna Jansen 1", "Anna Jansen 2"), ("…", "!!"), ("Ana", "Piet")])
def test_names_that_say_nothing_or_are_numbered_add_nothing_to_a_common_mailbox(one: str, another: str) -> None:
    assert [likeness.reasons for likeness in alike(people(one, another, email="a@example.org"), set())] == [
        (Reason.MAILBOX,)
    ]


def test_what_speaks_for_a_pair_adds_up_and_the_likeliest_comes_first() -> None:
    found = alike(
        [
            Person(1, "Anna Jansen", "", "", "NL"),
            Person(2, "Anna Janssen", "", "", "BE"),
            Person(3, "Piet Bakker", "piet@example.org", "Utrecht", "NL"),
            Person(4, "Bakker Piet", "piet+imp@example.org", "utrecht", "NL"),
            Person(5, "Sofía Ruiz", "", "Sevilla", "ES"),
            Person(6, "Sofia Ruiz", "", "Bogotá", "CO"),
            Person(7, "Yuki Tanaka", "", "", ""),
            Person(8, "Tanaka Yuki", "", "", "JP"),
        ],
        set(),
    )

    assert [(pair.first, pair.second, pair.reasons, pair.score) for pair in found] == [
        (3, 4, (Reason.MAILBOX, Reason.NAME, Reason.TOWN), 125),
        (7, 8, (Reason.NAME,), 50),
        (5, 6, (Reason.NAME,), 35),
        (1, 2, (Reason.NEARLY,), 15),
    ]


class TestScale:
    def test_many_of_one_name_make_a_few_pairs_each(self) -> None:
        found = alike(people(*["Anna Jansen"] * 400), set())

        assert len(found) < 400 * duplicates.MOST_PAIRS

    def test_two_crowds_of_nearly_one_name_make_a_few_pairs_too(self) -> None:
        found = alike(people(*["Anna Jansen"] * 200, *["Anna Janssen"] * 200), set())

        assert len(found) < 400 * duplicates.MOST_PAIRS
        assert any(likeness.reasons == (Reason.NEARLY,) for likeness in found)

    def test_telling_apart_makes_room_until_everybody_of_one_name_was_looked_at(self) -> None:
        crowd, told_apart = people(*["Anna Jansen"] * 12), set()
        while found := alike(crowd, told_apart):
            told_apart |= {(likeness.first, likeness.second) for likeness in found}

        assert len(told_apart) == 12 * 11 // 2

    def test_even_where_all_names_are_alike_each_is_paired_with_its_neighbours_only(self) -> None:
        signs = "abcdefghijklmnopqrst"
        found = alike(people(*[f"Annabella Jansen{one}{another}" for one in signs for another in signs]), set())

        assert 400 < len(found) <= 400 * duplicates.NEIGHBOURS * len(duplicates.ORDERS) < 400 * 399 // 2


@pytest.mark.django_db
class TestReport:
    def test_it_is_read_in_two_queries(self, django_assert_num_queries: Any) -> None:
        ParticipantFactory(name="Ana Núñez")
        ParticipantFactory(name="Nunez, Ana")
        with django_assert_num_queries(2):
            [pair] = likely_duplicates()
        assert pair.in_words == ["the same name"]

    def test_a_pair_told_apart_is_not_brought_up_again(self) -> None:
        one, another, third = (ParticipantFactory(name="Ana Núñez") for _ in range(3))
        tell_apart(another, one, by=None)

        found = [(pair.first, pair.second) for pair in likely_duplicates()]
        assert found == [(one.pk, third.pk), (another.pk, third.pk)]

    def test_telling_apart_is_logged_once_without_a_name(self) -> None:
        by, one, another = registrar(), ParticipantFactory(name="Ana"), ParticipantFactory(name="Ana")
        with logged("imp.participant.tell_apart", by, what=f"record {another.pk}"):
            pair = tell_apart(another, one, by=by)
        assert (pair.first, pair.second, pair.decided_by) == (one, another, by)
        with unchanged():
            assert tell_apart(one, another, by=by) == pair

    def test_nobody_is_told_apart_from_themselves_or_from_somebody_gone(self) -> None:
        one, gone = ParticipantFactory(), ParticipantFactory()
        Participant.objects.filter(pk=gone.pk).delete()
        with refused(saying="one and the same"):
            tell_apart(one, one, by=None)
        with refused(saying="no longer on record"):
            tell_apart(one, gone, by=None)


REPORT = "/admin/training/participants/duplicates/"


def pairs_shown(client: Client, **query: Any) -> list[tuple[str, str]]:
    response = client.get(REPORT, query)
    assert response.status_code == 200
    return [(first.name, second.name) for _pair, first, second in response.context["pairs"]]


class TestScreen:
    def test_the_list_of_participants_leads_to_the_report(self, staff: Client) -> None:
        assert reverse("imp_participants:duplicates") == REPORT
        assert f'href="{REPORT}"' in staff.get(reverse("imp_participants:index")).text

    def test_pairs_are_shown_with_the_reasons_in_words_and_both_buttons(self, staff: Client) -> None:
        one = ParticipantFactory(name="Ana Núñez", town="Leiden")
        another = ParticipantFactory(name="Anna Nunez", town="Leiden")
        text = staff.get(REPORT).text

        assert pairs_shown(staff) == [("Ana Núñez", "Anna Nunez")]
        assert "Nearly the same name, the same town" in text
        assert reverse("imp_participants:merge", args=[one.pk, another.pk]) in text
        assert reverse("imp_participants:tell_apart", args=[one.pk, another.pk]) in text

    def test_where_there_is_no_pair_it_says_so(self, staff: Client) -> None:
        ParticipantFactory(name="Ana Núñez")
        assert "Nobody seems to be on record twice." in staff.get(REPORT).text

    def test_the_button_tells_two_apart_and_leads_back_to_the_same_page(self, staff: Client) -> None:
        one, another = ParticipantFactory(name="Ana Núñez"), ParticipantFactory(name="Ana Nunez")
        address = reverse("imp_participants:tell_apart", args=[one.pk, another.pk])
        assert "will not be brought up again" in staff.get(address).text
        assert not DistinctPair.objects.exists()

        response = staff.post(address, {"p": "3"})
        assert response.url == f"{REPORT}?p=3"
        assert pairs_shown(staff) == []
        assert staff.post(address, {"p": "no number"}).url == REPORT

    def test_people_who_are_not_there_are_not_told_apart(self, staff: Client) -> None:
        one = ParticipantFactory()
        assert staff.post(reverse("imp_participants:tell_apart", args=[one.pk, 999_999])).status_code == 404

    def test_pages_and_numbers_of_queries_stay_the_same_however_many_pairs_there_are(
        self, staff: Client, settings: Any
    ) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LIST_PER_PAGE": 6}
        pathway = imp()
        for _place in range(2):
            EnrolmentFactory(pathway=pathway, participant__name="Ana Núñez")
        few = queries_of(staff, REPORT)
        for place in range(8):
            for _twice in range(2):
                EnrolmentFactory(pathway=pathway, participant__name=f"{'XYZVWKLM'[place] * 9} Nowak")
        assert (queries_of(staff, REPORT), len(pairs_shown(staff)), len(pairs_shown(staff, p=2))) == (few, 6, 3)
        assert len(pairs_shown(staff, p="nonsense")) == 6

    @pytest.mark.parametrize(
        ("permissions", "sees"),
        [
            ([], False),
            (["view_participant"], False),
            (["change_participant"], False),
            (["delete_participant"], False),
            (["view_participant", "change_participant"], True),
        ],
    )
    def test_it_is_for_those_who_may_see_and_change_participants(
        self, client: Client, db: None, permissions: list[str], sees: bool
    ) -> None:
        one, another = ParticipantFactory(name="Ana Núñez"), ParticipantFactory(name="Ana Nunez")
        client.force_login(with_permissions(*permissions))
        response = client.get(REPORT)
        assert ("Ana" in response.text) is sees
        assert response.status_code == (200 if sees else 302)
        # Merging deletes a record, which takes the right to do that.
        assert "Compare and merge" not in response.text

        client.post(reverse("imp_participants:tell_apart", args=[one.pk, another.pk]))
        assert DistinctPair.objects.exists() is sees

    def test_a_facilitator_learns_nothing_not_even_who_exists(self, client: Client, db: None) -> None:
        client.force_login(facilitator())
        one, another = ParticipantFactory(), ParticipantFactory()
        there = reverse("imp_participants:tell_apart", args=[one.pk, another.pk])
        answers = {
            (response.status_code, response.url)
            for address in (REPORT, there, re.sub(r"\d+", "999999", there))
            for response in (client.get(address), client.post(address))
        }
        assert len(answers) == 1
