"""Both records side by side, what merging them will do, and the buttons."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants import actions
from imp_wagtail.participants.duplicates.comparing import ComparedRow
from imp_wagtail.participants.models import DistinctPair, Enrolment, Participant
from tests.factories import (
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    TeacherFactory,
    facilitator,
)
from tests.participants.screens import queries_of, with_permissions
from tests.participants.support import asked, imp, retreat, unchanged

REPORT = "/admin/training/participants/duplicates/"


@pytest.fixture
def both(db: None) -> tuple[Enrolment, Enrolment]:
    """Two records of one person, on the same pathway."""
    pathway = imp()
    ana = ParticipantFactory(name="Ana Núñez", email="ana@example.org", town="", notes="Called in May.")
    anna = ParticipantFactory(name="Anna Nunez", email="anna@example.com", town="Sevilla", notes="Wrote in June.")
    return EnrolmentFactory(participant=ana, pathway=pathway), EnrolmentFactory(participant=anna, pathway=pathway)


Both = tuple[Enrolment, Enrolment]


def address(both: Both, name: str = "merge") -> str:
    return reverse(f"imp_participants:{name}", args=[enrolment.participant_id for enrolment in both])


def rows(client: Client, both: Both) -> dict[str, ComparedRow]:
    return {row.label: row for row, _field in client.get(address(both)).context["lines"]}


def outlook(client: Client, both: Both) -> list[str]:
    return client.get(address(both)).context["outlook"]


def filled(client: Client, both: Both, **changed: str) -> dict[str, str]:
    """The form as the page offers it, with some choices changed."""
    context = client.get(address(both)).context
    form = context["form"]
    return {**{name: form[name].value() for name in form.fields}, "once": context["once_token"], **changed}


class TestComparison:
    def test_it_offers_a_choice_where_the_two_differ_and_prefers_what_says_something(
        self, staff: Client, both: Both
    ) -> None:
        form = staff.get(address(both)).context["form"]
        choices = {name: (field.choices, field.initial) for name, field in form.fields.items() if name != "seen"}

        assert choices == {
            "name": ([("keep", "Ana Núñez"), ("other", "Anna Nunez")], "keep"),
            "email": ([("keep", "ana@example.org"), ("other", "anna@example.com")], "keep"),
            "town": ([("keep", ""), ("other", "Sevilla")], "other"),
        }

    def test_it_counts_what_hangs_on_each(self, staff: Client, both: Both) -> None:
        retreat(both[0], detail="Ammerdown")
        retreat(both[0], detail="Beatenberg")
        decision = actions.decide(both[1], asked(both[1].pathway, "practice"), outcome="met", reason="Seen.", by=None)
        actions.revoke_decision(decision, why="A mistake.", by=None)
        MembershipFactory(cohort__pathway=both[1].pathway, enrolment=both[1])
        shown = rows(staff, both)

        assert (shown["Evidence"].keep, shown["Evidence"].other) == ("2", "0")
        assert (shown["Decisions"].keep, shown["Decisions"].other) == ("0", "0")
        assert (shown["Cohorts"].keep, shown["Cohorts"].other) == ("0", "1")
        assert shown["Pathways"].other == "IMP: Preparation (not started)"
        assert shown["Country"].keep == "Netherlands"

    def test_a_directory_entry_is_shown_and_chosen_only_where_both_have_one(self, staff: Client, both: Both) -> None:
        TeacherFactory(participant=both[1].participant, name="Anna", slug="anna", standing=False)
        row = rows(staff, both)["Directory entry"]
        assert (row.keep, row.other, row.is_choice) == ("", "Anna (anna). Not listed: no completed pathway", False)

        TeacherFactory(participant=both[0].participant, name="Ana", slug="ana", standing=False)
        assert rows(staff, both)["Directory entry"].is_choice

    def test_what_other_rooms_show_is_for_those_who_may_see_it(self, client: Client, both: Both) -> None:
        TeacherFactory(participant=both[1].participant, name="Anna of the directory", standing=False)
        client.force_login(merger())
        response = client.get(address(both))

        assert response.status_code == 200
        assert "Anna of the directory" not in response.text
        assert "Letters" not in {row.label for row, _field in response.context["lines"]}

    def test_it_says_what_will_happen(self, staff: Client, both: Both) -> None:
        Enrolment.objects.filter(pk=both[1].pk).update(enrolled_on="2023-02-01")
        practice = asked(both[0].pathway, "practice")
        actions.decide(both[0], practice, outcome="met", reason="Seen.", on=both[0].enrolled_on, by=None)
        actions.decide(both[1], practice, outcome="waived", reason="Old.", on=both[0].enrolled_on, by=None)
        for enrolment in both:
            retreat(enrolment, detail="The same")
            retreat(enrolment, detail="With scan", file=ContentFile(str(enrolment.pk).encode(), name="scan.pdf"))

        assert outlook(staff, both) == [
            "Everything on record for either of them will be on record for “Ana Núñez”, the history included.",
            "Both are on “IMP”. Of the two enrolments there will be one: since 1 February 2023, active.",
            "Decision “Own practice” is on record for both: met, 15 January 2024 stands, waived, 15 January 2024 is "
            "kept and no longer counts.",
            "1 piece of evidence is the same on both sides; it is kept once.",
            "1 piece of evidence is the same on both sides but with different documents. Both are kept, and both "
            "count: remove one afterwards.",
            "The private notes of both are kept, one below the other.",
            "The second record is deleted. This cannot be undone.",
        ]

    def test_people_on_different_pathways_keep_both(self, staff: Client) -> None:
        strangers = EnrolmentFactory(), EnrolmentFactory()
        assert [sentence for sentence in outlook(staff, strangers) if "enrolments" in sentence] == []

    def test_the_number_of_queries_does_not_grow_with_what_is_on_record(self, staff: Client, both: Both) -> None:
        for enrolment in both:
            retreat(enrolment, detail="The same")
        few = queries_of(staff, address(both))
        for enrolment in both:
            for place in range(10):
                retreat(enrolment, detail=f"Retreat {place}")
                MembershipFactory(cohort__pathway=enrolment.pathway, enrolment=enrolment)
        assert queries_of(staff, address(both)) == few


class TestMerging:
    def test_the_button_merges_as_it_was_chosen_and_leads_back_to_the_report(self, staff: Client, both: Both) -> None:
        response = staff.post(address(both), filled(staff, both, email="other", p="2"))
        assert response.url == f"{REPORT}?p=2"

        kept = Participant.objects.get()
        assert (kept.name, kept.email, kept.town) == ("Ana Núñez", "anna@example.com", "Sevilla")
        arrival = staff.get(response.url).text
        assert "“Ana Núñez” is one record now." in arrival
        assert f'<a href="{reverse("imp_participants:record", args=[kept.pk])}" class="button' in arrival

    def test_a_second_click_finds_it_done(self, staff: Client, both: Both) -> None:
        sent = filled(staff, both)
        staff.post(address(both), sent)
        with unchanged():
            response = staff.post(address(both), sent, follow=True)
        assert response.redirect_chain[-1][0] == reverse("imp_participants:record", args=[both[0].participant_id])
        assert "Only this one record is left." in response.text
        assert staff.get(address(both[::-1])).url == response.redirect_chain[-1][0]

    def test_records_that_are_not_there_are_not_found(self, staff: Client, both: Both) -> None:
        own = both[0].participant_id
        for pair in ([999_998, 999_999], [own, own]):
            assert staff.get(reverse("imp_participants:merge", args=pair)).status_code == 404

    def test_what_somebody_else_changed_meanwhile_is_looked_at_first(self, staff: Client, both: Both) -> None:
        sent = filled(staff, both, email="other")
        anna = both[1].participant
        anna.town = "Granada"
        actions.save_participant(anna, by=None)
        response = staff.post(address(both), sent)

        assert "was changed meanwhile" in response.text
        assert Participant.objects.count() == 2
        assert response.context["form"]["email"].value() == "other"
        again = {**sent, "seen": response.context["form"]["seen"].value(), "once": response.context["once_token"]}
        staff.post(address(both), again)
        assert Participant.objects.get().town == "Granada"

    def test_a_refusal_stands_beside_its_detail_and_nothing_has_changed(self, staff: Client, both: Both) -> None:
        Participant.objects.filter(pk=both[1].participant_id).update(email="no address", email_key="no address")
        sent = filled(staff, both, email="other")
        response = staff.post(address(both), sent)

        assert response.context["form"].errors == {"email": ["Enter a valid email address."]}
        assert re.search(r"E-mail\s*<span[^>]* role=\"alert\">Enter a valid email address\.", response.text)
        assert Participant.objects.count() == 2

    def test_the_same_page_tells_them_apart(self, staff: Client, both: Both) -> None:
        assert f'formaction="{address(both, "tell_apart")}"' in staff.get(address(both)).text
        response = staff.post(address(both, "tell_apart"), filled(staff, both, p="2"))
        assert response.url == f"{REPORT}?p=2"
        assert DistinctPair.objects.count() == 1
        assert Participant.objects.count() == 2

    def test_the_other_record_may_be_kept_instead(self, staff: Client, both: Both) -> None:
        text = staff.get(address(both), {"p": "2"}).text
        assert f'href="{address(both[::-1])}?p=2"' in text


def merger() -> Any:
    """Somebody who may merge participants and see nothing of other rooms."""
    return with_permissions("view_participant", "change_participant", "delete_participant")


@pytest.mark.parametrize("missing", ["view_participant", "change_participant", "delete_participant"])
def test_merging_takes_the_rights_to_see_to_change_and_to_delete(client: Client, both: Both, missing: str) -> None:
    user = merger()
    user.user_permissions.remove(Permission.objects.get(codename=missing))
    client.force_login(user)

    with unchanged():
        for response in (client.get(address(both)), client.post(address(both), {"town": "other"})):
            assert response.status_code == 302
            assert "Ana" not in client.get(response.url).text


def test_a_facilitator_learns_nothing_not_even_who_exists(client: Client, both: Both) -> None:
    client.force_login(facilitator())
    nobody = reverse("imp_participants:merge", args=[999_998, 999_999])
    answers = {(client.get(url).status_code, client.get(url).url) for url in (address(both), nobody)}
    assert len(answers) == 1
