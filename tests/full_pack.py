"""A content pack that has every field of trainings, every kind of block, and a question on two pages."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.packs import FILES

TRAININGS = """\
index:
  slug: trainings
  title: Trainings
  in_menu: false
trainers:
  - name: P. Otter
    biography: Turns wheels.
    photo: otter.png
  - name: Zoë Müller-Śmith
trainings:
  - slug: kiln-2099
    title: "Kiln weeks: all of it"
    summary: A week of fire.
    starts: 2099-05-01
    ends: 2099-05-07
    start_time: 17:00
    end_time: 09:30
    time_zone: Europe/Amsterdam
    previous_starts: 2099-04-01
    previous_ends: 2099-04-07
    venue: The old kiln
    town: Delft
    country: NL
    format: hybrid
    languages: [nl, en]
    pathway: pottery
    trainers: [Zoë Müller-Śmith, P. Otter]
    audience: |
      For potters who

      1. have a wheel,
      2. and no fear of fire & smoke.
    capacity: 12
    prices:
      - {label: shared room, amount: 1450.5, currency: EUR}
      - {amount: 0, currency: GBP}
    price_includes: Clay and <b>board</b>, *not* **[glaze](https://example.org/glaze_(blue))** \\*.
    status: waiting_list
    notice: "Moved: the kiln was cold."
    application_opens: 2099-01-01
    application_closes: 2099-03-31
    application_url: https://example.org/apply?a=1&b=2
    body:
      - heading: What to bring
      - text: |
          Clay. **Ask [the next potter](training:kiln-2098)**, or read [about water](question:hyphen),
          {question:wet.link} and [more](page:trainings/kiln-2098).

          - Much of it, {next-training:pottery.dates}.
            1. {requirement:pottery/clay/bowls.amount}
          - Then more.
      - figure: {image: kiln.jpg, alternative: A hot kiln, caption: "1,200 degrees"}
      - quote: {text: Slowly., source: A potter}
      - link: {text: The pathway, page: pathway}
      - link: {text: Elsewhere, url: "https://example.org/"}
      - question: {anchor: wet}
      - teachers: {heading: Find one, country: NL, pathway: pottery, number: 4}
      - courses: {language: nl}
    report: It was warm.
  - slug: kiln-2098
    title: Kiln weeks of before
    starts: 2098-05-01
    ends: 2098-05-07
    format: online
    status: cancelled
    notice: No wood.
    body:
      - training: {slug: kiln-2099}
      - link: {text: Of after, page: trainings/kiln-2099}
    pictures:
      - {image: otter.png, caption: At the wheel}
      - {image: kiln.jpg, alternative: The kiln again}
"""

IMAGES = """\
images:
  - file: otter.png
    title: An otter
  - file: kiln.jpg
    title: "The kiln: inside"
    description: Fire behind bricks
"""

QUESTIONS = """\
page:
  slug: faq
  title: Questions
  introduction: "Ask: we answer. Or [come home](page:/), {training:kiln-2099.dates}."
  search: true
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
          - next_training: {sentence: Any}
          - courses: {heading: Soon}
          - pathway_stages: {pathway: pottery, look: list}
          - stage_requirements: {pathway: pottery, stage: clay, recommended: true}
further_pages:
  - page:
      slug: more
      title: More questions
      in_menu: false
    sections:
      - title: Again
        questions:
          - anchor: wet
          - question: "- Is a hyphen first?"
            anchor: hyphen
            answer: "NO"
"""

MESSAGE = """
message:
  subject: Your letter, {name}
  body: |
    Dear {name},

      your letter is here:
    {link}
"""


def write_full_pack(folder: Path) -> Path:
    """Write the pack into a folder. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    home = FILES["pages.yaml"].replace("  body:\n", "  body:\n    - training: {slug: kiln-2098}\n", 1)
    home = home.replace(
        "  pathway: pottery\n", "  pathway: pottery\n  introduction: Read *[first](page:trainings/kiln-2099)*!\n"
    )
    pathway = FILES["pathway.yaml"].replace("Clay comes first.", "Clay comes **first**, [as said](page:faq).")
    letters = FILES["letters.yaml"].replace("{name} fired", "**{name}** fired") + MESSAGE
    files = {
        **FILES,
        "pathway.yaml": pathway,
        "trainings.yaml": TRAININGS,
        "questions.yaml": QUESTIONS,
        "letters.yaml": letters,
        "pages.yaml": home,
        "images.yaml": IMAGES,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "images").mkdir(exist_ok=True)
    for name, kind in (("otter.png", "PNG"), ("kiln.jpg", "JPEG")):
        (folder / "images" / name).write_bytes(picture(kind))
    return folder


def picture(kind: str = "PNG", colour: str = "teal") -> bytes:
    """The bytes of a small picture."""
    content = BytesIO()
    Image.new("RGB", (12, 8), colour).save(content, kind)
    return content.getvalue()
