"""A small content pack of a programme that nobody knows, to be written into a folder and broken there."""

from pathlib import Path

FILES = {
    "pack.yaml": """\
key: pottery
name: Pottery
language: en
about: How potters learn.
""",
    "pathway.yaml": """\
key: pottery
title: Pottery pathway
programme: Pottery
introduction: Clay comes first.
stages:
  - key: clay
    title: Clay
    summary: Know your clay.
    requirements:
      - key: bowls
        title: Bowls
        kind: count
        amount: 3
        each_min: 0.5
        each_max: 2
        unit: hours
        open_at_training: true
      - key: wheel
        title: A wheel of your own
        kind: confirmation
        is_required: false
  - key: fire
    title: Fire
    opens_after_months: 1
    closes_after_months: 4
    requirements:
      - key: firings
        title: Firings
        kind: sessions
        cohort_kind: training
        amount: 5
""",
    "letters.yaml": """\
pathway: pottery
templates:
  - heading: Letter
    body: "{name} completed {stage}."
    signatories: [{ name: P. Otter }]
  - stage: fire
    heading: Letter of fire
    body: "{name} fired at {training}."
    signatories: [{ name: P. Otter }]
""",
    "trainings.yaml": """\
index:
  slug: trainings
  title: Trainings
  introduction: All of them.
trainers:
  - name: P. Otter
    biography: Turns wheels.
trainings:
  - slug: kiln-2099
    title: Kiln weeks
    summary: A week of fire.
    starts: 2099-05-01
    ends: 2099-05-07
    town: Delft
    country: NL
    format: in_person
    languages: [nl, en]
    pathway: pottery
    trainers: [P. Otter]
    body:
      - heading: What to bring
      - text: Clay.
      - quote: {text: Slowly., source: A potter}
      - link: {text: The pathway, page: pathway}
      - link: {text: Elsewhere, url: "https://example.org/"}
""",
    "questions.yaml": """\
page:
  slug: faq
  title: Questions
sections:
  - title: Clay
    questions:
      - question: Is it wet?
        anchor: wet
        answer: Yes.
      - question: When is the next firing?
        anchor: next-firing
        answer:
          - text: Soon.
          - next_training: {pathway: pottery, sentence: It takes place at}
""",
    "pages.yaml": """\
home:
  title: Pottery
  lead: All about pots.
  body:
    - heading: Welcome
    - link: {text: Questions, page: faq}
pathway:
  slug: pathway
  title: The pathway
  pathway: pottery
directory:
  slug: teachers
  title: Potters
  introduction: Find one.
""",
}


def write_pack(folder: Path, *changes: tuple[str, str, str], without: tuple[str, ...] = ()) -> Path:
    """Write the pack into a folder, with changes ``(file, old text, new text)``. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        if name in without:
            continue
        for file, old, new in changes:
            if file == name:
                assert text.count(old) == 1, f"{old!r} is not once in {file}"
                text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def line_of(file: str, text: str) -> int:
    """The line on which a text stands in one of the pack's files, from 1."""
    before, found, _after = FILES[file].partition(text)
    assert found
    return before.count("\n") + 1
