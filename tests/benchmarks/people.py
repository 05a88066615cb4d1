"""Invented people from all over the world, with names in the scripts that they write."""

from dataclasses import dataclass
from random import Random

from imp_wagtail.core.names import folded
from imp_wagtail.participants.models import Participant


@dataclass(frozen=True)
class Land:
    """Where people come from: how they are called there, and where they live."""

    country: str
    language: str
    towns: list[str]
    given: list[str]
    family: list[str]
    family_first: bool = False
    between: str = " "

    def name(self, random: Random) -> str:
        parts = [random.choice(self.given), random.choice(self.family)]
        return self.between.join(reversed(parts) if self.family_first else parts)


def _land(country: str, language: str, towns: str, given: str, family: str, **habits: object) -> Land:
    """Words with spaces between; an underscore stands for a space within one."""
    lists = [[word.replace("_", " ") for word in words.split()] for words in (towns, given, family)]
    return Land(country, language, *lists, **habits)  # type: ignore[arg-type]


LANDS = [
    _land(
        "NL",
        "nl",
        "Utrecht Haarlem Zwolle Groningen Nijmegen",
        "Anneke Joost Zoë Maria Pieter Loes Daniël Femke Hans Marijke",
        "de_Vries Jansen van_den_Berg Bakker Visser van_Dijk Smit Mulder",
    ),
    _land(
        "GB",
        "en",
        "Bristol Leeds Totnes Oxford Bangor",
        "Maria Alice George Siân Fiona Harry Priya Niamh Tom Ruth",
        "Smith O’Brien Jones Taylor Evans Patel MacLeod Walker",
    ),
    _land(
        "US",
        "en",
        "Boston Portland Barre Asheville Madison",
        "Maria James Linda Susan David Karen Michael Ana Joan Peter",
        "Johnson Williams García Miller Davis Nguyen Cohen Lee",
    ),
    _land(
        "DE",
        "de",
        "Freiburg Köln Göttingen Weimar",
        "Jürgen Käthe Maria Sören Anja Björn Heike Lars",
        "Müller Schäfer Weiß Krüger Groß Lange Vogt",
    ),
    _land(
        "FR",
        "fr",
        "Lyon Nîmes Orléans Besançon",
        "Zoé François Hélène Marie Loïc Chloé Éric Agnès",
        "Lefèvre Dupont Moreau Garçon Lemaître Noël",
    ),
    _land(
        "ES",
        "es",
        "Málaga Gijón Cádiz León",
        "María José Ana_María Íñigo Begoña Andrés Nuria",
        "Núñez_Ortega García_López Peña Muñoz Ibáñez Sáez",
    ),
    _land(
        "PL",
        "pl",
        "Kraków Łódź Gdańsk Wrocław",
        "Małgorzata Łukasz Maria Paweł Agnieszka Stanisław",
        "Nowak Wiśniewska Dąbrowska Łuczak Żak Kowalczyk",
    ),
    _land(
        "GR", "el", "Αθήνα Πάτρα Χανιά", "Μαρία Γιώργος Ελένη Νίκος Σοφία", "Παπαδοπούλου Νικολάου Γεωργίου Λάμπρου"
    ),
    _land("UA", "uk", "Київ Львів Одеса", "Олена Андрій Марія Юлія Тарас", "Шевченко Коваленко Бондар Їжакевич"),
    _land("IL", "he", "חיפה ירושלים באר_שבע", "מרים דוד נעמה יוסף תמר", "כהן לוי מזרחי פרידמן"),
    _land("EG", "ar", "القاهرة أسوان الإسكندرية", "مريم أحمد ليلى يوسف سلمى", "حسن السيد إبراهيم منصور"),
    _land("IN", "hi", "पुणे जयपुर वाराणसी", "मीरा अर्जुन प्रिया राजेश सीता", "शर्मा वर्मा गुप्ता मिश्रा"),
    _land("JP", "ja", "京都 札幌 那覇", "花子 太郎 真理 健一 美咲", "山田 佐藤 高橋 渡辺", family_first=True),
    _land("CN", "zh", "杭州 成都 昆明", "玛丽 伟 芳 静 明", "王 李 张 刘 陈", family_first=True, between=""),
    _land("KR", "ko", "전주 부산 제주", "민준 서연 지우 마리아", "김 이 박 최", family_first=True, between=""),
]
#: The first lands send most of the people.
SHARES = [20, 16, 14, 9, 7, 7, 5, 3, 4, 3, 3, 3, 3, 2, 1]


def invent(random: Random, number: int) -> Participant:
    """The person with this number, not yet saved. One in twelve has no e-mail address, one in nine private notes."""
    [land] = random.choices(LANDS, SHARES)
    name = land.name(random)
    has_email, has_notes, has_printed_name = random.random() < 11 / 12, random.random() < 1 / 9, random.random() < 0.2
    return Participant(
        name=name,
        printed_name=f"Dr. {name}" if has_printed_name else "",
        email=f"{_mailbox(name)}{number}@{random.choice(['example.org', 'example.com'])}" if has_email else "",
        town=random.choice(land.towns),
        country=land.country,
        language=land.language,
        notes="Prefers to be called in the evening. Has led groups before." if has_notes else "",
    )


def _mailbox(name: str) -> str:
    plain = folded(name).replace(" ", ".")
    return plain if plain.isascii() else "person"
