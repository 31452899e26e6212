"""The fixed words of a generated criteria text, for each language a definition may be written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phrases:
    """The frame of a criteria text in one language; `words` translates the vocabulary, `numbers` small numbers."""

    outcomes: str
    how_judged: str
    judged: str
    rule: str
    rule_all: str
    workload: str
    hours: str
    level: str
    no_level: str
    participation: str
    assessment: str
    prerequisites: str
    none: str
    about: str
    certificate: str
    nothing_assessed: str
    no_assessment: str
    words: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)

    def word(self, word: str) -> str:
        """A word of the vocabulary in this language."""
        return self.words.get(word, word)

    def number(self, number: int) -> str:
        """A small number in words, a larger one in digits."""
        return self.numbers.get(number, str(number))


ENGLISH = Phrases(
    outcomes="What the learner can do",
    how_judged="How it was judged.",
    judged="A named assessor judged the evidence with a {levels}-level rubric; {rule}.",
    rule="every criterion at {passing} or above, or one at {below} with a total of at least {times} times the number of criteria",
    rule_all="every criterion at {passing} or above",
    workload="Workload",
    hours="{hours} hours",
    level="Level",
    no_level="not applicable",
    participation="Participation",
    assessment="Assessment",
    prerequisites="Prerequisites",
    none="none",
    about="What it was about",
    certificate="Certificate of completion.",
    nothing_assessed="Nothing was assessed: this says that somebody took part, not what they can do.",
    no_assessment="none",
    words={"personalized learning activities": "personalised learning activities"},
    numbers={2: "two", 3: "three", 4: "four", 5: "five", 6: "six"},
)

DUTCH = Phrases(
    outcomes="Wat de lerende kan",
    how_judged="Hoe het is beoordeeld.",
    judged="Een met naam bekende beoordelaar beoordeelde het bewijs met een rubriek van {levels} niveaus; {rule}.",
    rule="elk criterium op {passing} of hoger, of één op {below} met een totaal van ten minste {times} keer het aantal criteria",
    rule_all="elk criterium op {passing} of hoger",
    workload="Studielast",
    hours="{hours} uur",
    level="Niveau",
    no_level="niet van toepassing",
    participation="Deelname",
    assessment="Beoordeling",
    prerequisites="Vereiste voorkennis",
    none="geen",
    about="Waar het over ging",
    certificate="Bewijs van deelname.",
    nothing_assessed="Er is niets beoordeeld: dit zegt dat iemand heeft meegedaan, niet wat iemand kan.",
    no_assessment="geen",
    words={
        "onsite or blended": "op locatie of gemengd",
        "volunteering": "vrijwilligerswerk",
        "work experience": "werkervaring",
        "personalized learning activities": "persoonlijke leeractiviteiten",
        "artefact assessment": "beoordeling van een werkstuk",
        "continuous evaluation": "doorlopende beoordeling",
        "group performance": "groepsprestatie",
        "level of attendance": "aanwezigheid",
        "marked assignment": "beoordeelde opdracht",
        "oral examination": "mondeling examen",
        "peer assessment": "beoordeling door medeleerlingen",
        "peer review": "beoordeling door vakgenoten",
        "portfolio": "portfolio",
        "practical assessment": "praktijkbeoordeling",
        "problem based learning": "probleemgestuurd leren",
        "project work": "projectwerk",
        "written examination": "schriftelijk examen",
    },
    numbers={2: "twee", 3: "drie", 4: "vier", 5: "vijf", 6: "zes"},
)

SPANISH = Phrases(
    outcomes="Lo que sabe hacer quien aprende",
    how_judged="Cómo se ha evaluado.",
    judged="Una persona evaluadora, identificada por su nombre, valoró las evidencias con una rúbrica de {levels} niveles; {rule}.",
    rule="todos los criterios en {passing} o superior, o uno en {below} con un total de al menos {times} veces el número de criterios",
    rule_all="todos los criterios en {passing} o superior",
    workload="Carga de trabajo",
    hours="{hours} horas",
    level="Nivel",
    no_level="no procede",
    participation="Participación",
    assessment="Evaluación",
    prerequisites="Requisitos previos",
    none="ninguno",
    about="De qué trató",
    certificate="Certificado de participación.",
    nothing_assessed="No se evaluó nada: dice que alguien participó, no lo que sabe hacer.",
    no_assessment="ninguna",
    words={
        "online": "en línea",
        "onsite or blended": "presencial o mixta",
        "volunteering": "voluntariado",
        "work experience": "experiencia laboral",
        "personalized learning activities": "actividades de aprendizaje personalizadas",
        "artefact assessment": "evaluación de una pieza",
        "continuous evaluation": "evaluación continua",
        "group performance": "actuación en grupo",
        "level of attendance": "asistencia",
        "marked assignment": "trabajo calificado",
        "oral examination": "examen oral",
        "peer assessment": "evaluación entre compañeros",
        "peer review": "revisión por pares",
        "portfolio": "portafolio",
        "practical assessment": "evaluación práctica",
        "problem based learning": "aprendizaje basado en problemas",
        "project work": "trabajo por proyectos",
        "quiz": "cuestionario",
        "written examination": "examen escrito",
    },
    numbers={2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis"},
)

BULGARIAN = Phrases(
    outcomes="Какво може учащият",
    how_judged="Как е оценено.",
    judged="Оценител, известен по име, оцени доказателствата по рубрика с {levels} нива; {rule}.",
    rule="всеки критерий на ниво „{passing}“ или по-високо, или един на ниво „{below}“ при сбор поне {times} пъти броя на критериите",
    rule_all="всеки критерий на ниво „{passing}“ или по-високо",
    workload="Учебна натовареност",
    hours="{hours} часа",
    level="Ниво",
    no_level="неприложимо",
    participation="Участие",
    assessment="Оценяване",
    prerequisites="Предварителни изисквания",
    none="няма",
    about="За какво беше",
    certificate="Удостоверение за участие.",
    nothing_assessed="Нищо не е оценявано: то показва, че някой е участвал, а не какво може.",
    no_assessment="няма",
    words={
        "online": "онлайн",
        "onsite or blended": "присъствено или смесено",
        "volunteering": "доброволчество",
        "work experience": "трудов опит",
        "personalized learning activities": "индивидуални учебни дейности",
        "artefact assessment": "оценка на изделие",
        "continuous evaluation": "текущо оценяване",
        "group performance": "групово изпълнение",
        "level of attendance": "присъствие",
        "marked assignment": "оценена задача",
        "oral examination": "устен изпит",
        "peer assessment": "оценка от съученици",
        "peer review": "партньорска проверка",
        "portfolio": "портфолио",
        "practical assessment": "практическа оценка",
        "problem based learning": "проблемно базирано учене",
        "project work": "проектна работа",
        "quiz": "тест",
        "written examination": "писмен изпит",
    },
    numbers={2: "две", 3: "три", 4: "четири", 5: "пет", 6: "шест"},
)

_PHRASES = {"en": ENGLISH, "nl": DUTCH, "es": SPANISH, "bg": BULGARIAN}
LANGUAGES_WITH_PHRASES = tuple(_PHRASES)


def phrases_for(language: str) -> Phrases:
    """The phrases of a language; English for one we have none for."""
    return _PHRASES.get(language, ENGLISH)
