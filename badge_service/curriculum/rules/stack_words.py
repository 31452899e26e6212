"""The fixed words of a stacked badge's definition, in the languages that a definition may be framed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StackWords:
    """Sentences about what a pathway asks for and how it was judged; English where we have no others."""

    certifies: str
    choice: str
    every: str
    free: str
    free_name: str
    choice_name: str
    every_name: str
    choice_counted: str
    every_counted: str
    separator: str
    either: str
    levels: tuple[str, str]
    descriptors: tuple[str, str]
    judged: str
    evidence: str
    prerequisites: str
    awarded_by: str
    summary: str


ENGLISH = StackWords(
    certifies="What “{title}” ({code}) certifies: {outcomes}",
    choice="What these certify, at least {number} of them: {parts}.",
    every="What all of these certify: {parts}.",
    free="What further published micro-credentials of the learner’s own choice certify: at least {number}.",
    free_name="Free choice: at least {number}",
    choice_name="At least {number} of {count}: {parts}",
    every_name="All of: {parts}",
    choice_counted="At least {number} of {count} requirements, as the outcomes say",
    every_counted="All of {count} requirements, as the outcomes say",
    separator=", ",
    either="({number} of {parts})",
    levels=("Still open", "Complete"),
    descriptors=("Not every badge that is asked for here was awarded.", "Every badge that is asked for here was awarded by a named assessor."),
    judged="This micro-credential is made of others, its parts. Each part was assessed with the rubric of its own definition and decided by a named assessor; attendance alone counts for none of them. A named person decided that the parts fulfil the pathway. The parts are named in the evidence, each with the address of its own badge. Badges that count as parts:",
    evidence="The badges of the parts, each with its own address",
    prerequisites="Those of its parts",
    awarded_by="A named assessor, or a named member of the team by a standing decision, after all parts",
    summary="Parts that together fulfil the pathway, each decided by a named assessor: {number}. {decided}",
)  # fmt: skip

DUTCH = StackWords(
    certifies="Wat “{title}” ({code}) aantoont: {outcomes}",
    choice="Wat deze aantonen, ten minste {number} ervan: {parts}.",
    every="Wat deze samen aantonen: {parts}.",
    free="Wat verdere gepubliceerde microcredentials naar eigen keuze van de lerende aantonen: ten minste {number}.",
    free_name="Vrije keuze: ten minste {number}",
    choice_name="Ten minste {number} van {count}: {parts}",
    every_name="Alle: {parts}",
    choice_counted="Ten minste {number} van {count} eisen, zoals bij de leeruitkomsten",
    every_counted="Alle {count} eisen, zoals bij de leeruitkomsten",
    separator=", ",
    either="({number} van {parts})",
    levels=("Nog open", "Volledig"),
    descriptors=("Niet elke badge die hier gevraagd wordt is toegekend.", "Elke badge die hier gevraagd wordt is toegekend door een met naam bekende beoordelaar."),
    judged="Deze microcredential bestaat uit andere, haar delen. Elk deel is beoordeeld met de rubriek van de eigen definitie en toegekend door een met naam bekende beoordelaar; aanwezigheid alleen telt voor geen ervan. Een met naam bekende persoon besloot dat de delen het leerpad vervullen. De delen staan bij het bewijs, elk met het adres van de eigen badge. Badges die als deel tellen:",
    evidence="De badges van de delen, elk met een eigen adres",
    prerequisites="Die van de delen",
    awarded_by="Een met naam bekende beoordelaar, of een met naam bekend lid van het team door een vast besluit, na alle delen",
    summary="Delen die samen het leerpad vervullen, elk toegekend door een met naam bekende beoordelaar: {number}. {decided}",
)  # fmt: skip

SPANISH = StackWords(
    certifies="Lo que acredita “{title}” ({code}): {outcomes}",
    choice="Lo que acreditan estas, al menos {number} de ellas: {parts}.",
    every="Lo que acreditan todas estas: {parts}.",
    free="Lo que acreditan otras microcredenciales publicadas, a elección de quien aprende: al menos {number}.",
    free_name="Libre elección: al menos {number}",
    choice_name="Al menos {number} de {count}: {parts}",
    every_name="Todas: {parts}",
    choice_counted="Al menos {number} de {count} requisitos, según los resultados",
    every_counted="Los {count} requisitos, según los resultados",
    separator=", ",
    either="({number} de {parts})",
    levels=("Pendiente", "Completo"),
    descriptors=("No se ha otorgado toda insignia que aquí se pide.", "Toda insignia que aquí se pide fue otorgada por una persona evaluadora identificada por su nombre."),
    judged="Esta microcredencial se compone de otras, sus partes. Cada parte se evaluó con la rúbrica de su propia definición y la decidió una persona evaluadora identificada por su nombre; la mera asistencia no cuenta en ninguna. Una persona identificada por su nombre decidió que las partes completan el itinerario. Las partes figuran en las evidencias, cada una con la dirección de su propia insignia. Insignias que cuentan como partes:",
    evidence="Las insignias de las partes, cada una con su dirección",
    prerequisites="Los de sus partes",
    awarded_by="Una persona evaluadora, o un miembro del equipo mediante decisión permanente, identificados por su nombre, tras todas las partes",
    summary="Partes que juntas completan el itinerario, cada una decidida por una persona evaluadora identificada por su nombre: {number}. {decided}",
)  # fmt: skip

BULGARIAN = StackWords(
    certifies="Каквото удостоверява „{title}“ ({code}): {outcomes}",
    choice="Каквото удостоверяват тези, поне {number} от тях: {parts}.",
    every="Каквото удостоверяват всички тези: {parts}.",
    free="Каквото удостоверяват други публикувани микроудостоверения по избор на учащия: поне {number}.",
    free_name="Свободен избор: поне {number}",
    choice_name="Поне {number} от {count}: {parts}",
    every_name="Всички: {parts}",
    choice_counted="Поне {number} от {count} изисквания, както в резултатите",
    every_counted="Всички {count} изисквания, както в резултатите",
    separator=", ",
    either="({number} от {parts})",
    levels=("Незавършено", "Завършено"),
    descriptors=("Не всяка от исканите тук значки е присъдена.", "Всяка от исканите тук значки е присъдена от оценител, известен по име."),
    judged="Това микроудостоверение е съставено от други, неговите части. Всяка част е оценена по рубриката на собственото си определение и решена от оценител, известен по име; само присъствието не важи за никоя. Човек, известен по име, реши, че частите изпълняват пътеката. Частите са посочени в доказателствата, всяка с адреса на своята значка. Значки, които се зачитат като части:",
    evidence="Значките на частите, всяка със свой адрес",
    prerequisites="Тези на частите",
    awarded_by="Оценител или член на екипа с постоянно решение, известни по име, след всички части",
    summary="Части, които заедно изпълняват пътеката, всяка решена от оценител, известен по име: {number}. {decided}",
)  # fmt: skip

_WORDS = {"en": ENGLISH, "nl": DUTCH, "es": SPANISH, "bg": BULGARIAN}


def stack_words(language: str) -> StackWords:
    """The words of a language; English for one we have none for."""
    return _WORDS.get(language, ENGLISH)
