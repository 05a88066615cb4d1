"""What another site's feed says is taken for what it should be, and for nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imp_wagtail.directory.models import MirroredEntry, Partner
from imp_wagtail.directory.partners.documents import Item, Page, item_of, read
from imp_wagtail.directory.partners.faces import mirrored_face
from imp_wagtail.directory.partners.fetching import FetchError

from .partner_site import PartnerSite, deleted, item, uid_of

PLACE = PartnerSite()
PLACE.url = "https://friends.example"
HOSTS = {"friends.example"}


def reading(*items: Any, **head: Any) -> Page:
    return read(json.dumps(PLACE.page(list(items), **head)).encode(), PLACE.feed_url, HOSTS)


def told(**data: Any) -> Item:
    """A teacher of a feed, otherwise as they should be."""
    return item_of(PLACE.teacher("Ana", **data), HOSTS)


def held(sort: str = "completed", **facts: Any) -> dict[str, Any]:
    plain = {"title": "MBSR", "body": "", "level": "", "valid_until": None, "checked_on": None}
    return {"sort": sort, **plain, **facts}


def test_an_answer_is_read_with_all_that_is_shown_and_nothing_more() -> None:
    page = reading(PLACE.teacher("Ana", about="Quiet."), PLACE.course("Evenings", of="Ana"), deleted("teacher", "Bo"))
    ana, evenings, bo = page.items

    assert (str(ana.uid), ana.kind, ana.data["name"], ana.data["near"]) == (
        uid_of("Ana"),
        "teacher",
        "Ana",
        [52.09, 5.12],
    )
    assert ana.data.keys() == {
        "name", "url", "town", "region", "country", "languages", "online", "in_person", "near", "spot", "pathways",
        "qualifications",
    }  # fmt: skip
    assert (str(evenings.teacher_uid), evenings.data["state"]) == (uid_of("Ana"), "open")
    assert bo.is_deleted
    assert page.next == f"{PLACE.feed_url}?after=end"
    assert page.directory == "https://friends.example/teachers/"
    assert not any(one.fault for one in page.items)


def test_names_that_are_not_known_are_ignored() -> None:
    assert reading({**PLACE.teacher("Ana", shoe_size=38), "more": 1}, also=[1]).items[0].fault == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"a"',
        b"<html>",
        b"\xff\xfe",
        b"{}",
        b"[" * 100_000,
        b'{"schema": 1}',
        b"1" * 10_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(FetchError, match="no feed"):
        read(body, PLACE.feed_url, HOSTS)


@pytest.mark.parametrize(
    "head",
    [{"items": {}}, {"items": None}, {"next": None}, {"next": ""}, {"next": "/feed"}, {"next": "javascript:alert(1)"}],
)
def test_a_feed_without_items_or_a_way_on_is_none(head: dict[str, Any]) -> None:
    with pytest.raises(FetchError, match="no feed"):
        reading(**head)


def test_an_answer_has_a_thousand_entries_at_most() -> None:
    assert len(reading(*[deleted("teacher", "Ana")] * 1000).items) == 1000
    with pytest.raises(FetchError, match="more than 1000 entries"):
        reading(*[deleted("teacher", "Ana")] * 1001)


def test_a_version_that_is_not_understood_is_said() -> None:
    with pytest.raises(FetchError, match="version 2"):
        reading(schema=2)


@pytest.mark.parametrize(
    "onward",
    [
        "https://other.example/directory/feed/",
        "http://friends.example/directory/feed/",
        "https://friends.example:8443/directory/feed/",
        "https://friends.example.other.example/",
    ],
)
def test_a_feed_leads_on_within_its_own_site_only(onward: str) -> None:
    with pytest.raises(FetchError, match="another site"):
        reading(next=onward)


@pytest.mark.parametrize(
    "told", [1, None, "a", [], {}, {"id": "x"}, {**item("teacher", "Ana", {}), "modified": "soon"}]
)
def test_an_item_that_does_not_say_of_whom_it_tells_is_an_error(told: Any) -> None:
    with pytest.raises(FetchError, match="cannot be read"):
        reading(told)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"name": "x" * 100_000}, "name"),
        ({"name": "\u202e\u200f"}, "name"),
        ({"name": "<script>alert(1)</script>"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": ["Ana"]}, "name"),
        ({"country": "XX"}, "country"),
        ({"country": "Netherlands"}, "country"),
        ({"languages": "nl"}, "languages"),
        ({"languages": ["nl"] * 51}, "languages"),
        ({"online": "perhaps"}, "online"),
        ({"near": [91, 0]}, "near"),
        ({"near": [0, 181]}, "near"),
        ({"near": [1]}, "near"),
        ({"near": [1, 2, 3]}, "near"),
        ({"spot": [10**400, 0]}, "spot"),
        ({"spot": "here"}, "spot"),
        ({"url": None}, "url"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://other.example/"}, "url"),
        ({"url": "https://friends.example@other.example/"}, "url"),
        ({"url": "//friends.example/"}, "url"),
        ({"url": 'https://friends.example/ "onmouseover'}, "url"),
        ({"url": "https://friends.example/" + "x" * 500}, "url"),
        ({"pathways": {}}, "pathways"),
        ({"pathways": [{"title": ""}]}, "pathways"),
        ({"qualifications": [held(sort="wonderful")]}, "qualifications"),
        ({"qualifications": [held(sort="\ud800")]}, "qualifications"),
        ({"qualifications": [held(valid_until="2027-02-29")]}, "qualifications"),
        ({"qualifications": [held()] * 51}, "qualifications"),
    ],
)
def test_a_teacher_who_is_not_as_agreed_is_not_shown_and_it_is_said_why(data: dict[str, Any], name: str) -> None:
    found = told(**data)

    assert (found.data, found.is_deleted) == (None, False)
    assert found.fault.startswith((f"{name}:", f"{name}."))


@pytest.mark.parametrize("missing", ["name", "url", "town", "languages", "near", "qualifications"])
def test_nothing_that_is_always_there_may_be_missing(missing: str) -> None:
    teacher = PLACE.teacher("Ana")
    del teacher["data"][missing]

    assert item_of(teacher, HOSTS).fault.startswith(f"{missing}:")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Ana <b>Núñez</b>", "Ana Núñez"),
        ("<p>Ana</p><p>Núñez</p>", "Ana Núñez"),
        ("Ana<img src=x onerror=alert(1)>", "Ana"),
        ("Ana<script>alert(1)</script>", "Ana"),
        ("Ana &amp; Bo", "Ana & Bo"),
        ("Ana &lt;script&gt;", "Ana <script>"),
        ("Ana\n\tNúñez", "Ana Núñez"),
        ("\u202eanA", "anA"),
        ("Ana\x00Núñez", "Ana Núñez"),
        ("O’Brien-Łukasz", "O’Brien-Łukasz"),
        ("王秀英", "王秀英"),
        ("{{ request }}", "{{ request }}"),
    ],
)
def test_html_and_what_turns_the_text_around_it_come_out_as_plain_text(name: str, plain: str) -> None:
    assert told(name=name).data["name"] == plain


def test_html_of_a_thousand_layers_does_no_harm() -> None:
    assert told(name="<b>" * 600 + "Ana").data["name"] == "Ana"


def test_languages_that_there_are_not_are_left_out() -> None:
    assert told(languages=["nl", "xx", "root", "en", "nl"]).data["languages"] == ["nl", "en"]


@pytest.mark.parametrize("region", ["NL.99", "FR.84", "nonsense", ""])
def test_a_region_of_another_country_or_of_none_is_left_out(region: str) -> None:
    assert told(region=region).data["region"] == ""


def test_a_course_leads_to_the_web_or_nowhere() -> None:
    there = PLACE.course("Evenings", of="Ana", url="https://anywhere.example/evenings")
    nowhere = PLACE.course("Evenings", of="Ana", url="javascript:alert(1)")

    assert [item_of(one, HOSTS).data["url"] for one in (there, nowhere)] == ["https://anywhere.example/evenings", ""]


@pytest.mark.parametrize(
    "data", [{"ends": "2020-01-01"}, {"state": "past"}, {"format": "by post"}, {"starts": "soon"}, {"teacher": "Ana"}]
)
def test_a_course_that_is_not_as_agreed_is_not_shown(data: dict[str, Any]) -> None:
    assert item_of(PLACE.course("Evenings", of="Ana", **data), HOSTS).fault


def face(**data: Any) -> dict[str, Any]:
    entry = MirroredEntry(kind="teacher", uid=uid_of("Ana"), data=told(**data).data)
    return dict(mirrored_face(Partner(name="Friends"), entry, []))


def test_the_face_leads_to_the_partner_and_says_whose_it_is() -> None:
    ana = face()

    assert (ana["name"], ana["listed_by"]) == ("Ana", "Friends")
    assert ana["origin"] == f"https://friends.example/teachers/{uid_of('Ana')}/"
    assert (ana["near"], "spot" in ana, "indexed" in ana) == ([52.09, 5.12], False, False)


def test_the_map_shows_whom_the_partner_puts_there() -> None:
    assert face(spot=[52.1, 5.1])["spot"] == [52.1, 5.1]


def test_an_accreditation_that_the_partner_has_not_checked_is_not_shown() -> None:
    checked = held("accredited", title="Register", checked_on="2026-01-01", valid_until="2030-12-31")
    unchecked = held("accredited", title="Unknown")

    assert face(qualifications=[checked, unchecked])["held"] == [
        {"sort": "accredited", "title": "Register", "valid_until": "2030-12-31"}
    ]


def test_a_pathway_of_theirs_is_shown_and_is_none_of_ours() -> None:
    ours = {"id": "0b8f1a52-8a3f-4a52-8a55-6d1bb5e5a0c4", "title": "Teacher pathway"}

    assert face(pathways=[ours])["held"] == [{"sort": "completed", "title": "Teacher pathway"}]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from([*PLACE.teacher("Ana")["data"]]), value=anything)
def test_whatever_a_teacher_is_said_to_be_there_is_a_face_or_a_fault(name: str, value: Any) -> None:
    found = told(**{name: value})

    if found.fault:
        assert found.data is None
        assert found.fault.encode()
    else:
        entry = MirroredEntry(kind="teacher", uid=found.uid, data=found.data)
        json.dumps(mirrored_face(Partner(name="Friends"), entry, []), allow_nan=False).encode()


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from([*PLACE.page([])]), value=anything)
def test_whatever_a_feed_answers_it_is_read_or_refused_in_words(name: str, value: Any) -> None:
    body = json.dumps({**PLACE.page([PLACE.teacher("Ana")]), name: value}).encode()
    try:
        assert isinstance(read(body, PLACE.feed_url, HOSTS), Page)
    except FetchError as error:
        assert str(error)
