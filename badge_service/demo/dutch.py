"""The willow basket in Dutch: its texts by their places, as the page for translations keeps them."""

CODE = "CRF-WIL-1-NL"
LANGUAGE = "nl"
_CRITERIA = {
    "C1": (
        "Stevigheid en afwerking",
        (
            "Gaten of losse staanders; de bodem staat niet vlak.",
            "Houdt zijn vorm, maar de rand komt omhoog of de wanden hangen scheef.",
            "Gelijkmatig vlechtwerk, vlakke bodem, strakke rand; draagt 3 kg.",
            "In elke ronde gelijkmatig, met een goed gemaakt hengsel of een sierband die bij het gebruik past.",
        ),
    ),
    "C2": (
        "Zorg voor het materiaal",
        (
            "Pakt tenen zonder te sorteren; veel tenen breken.",
            "Sorteert met hulp; er gaat wat verloren.",
            "Sorteert en weekt zelfstandig; bewaart resten om mee te binden.",
            "Plant vooraf alle tenen; er gaat bijna niets verloren.",
        ),
    ),
    "C3": (
        "Traditie",
        (
            "Kan niet zeggen waar de vorm vandaan komt.",
            "Noemt alleen de naam van de vorm.",
            "Vertelt waar de vorm vandaan komt, waarvoor die diende en noemt één maker.",
            "Vergelijkt twee streekvormen en zegt wat er veranderde en waarom.",
        ),
    ),
}
_LEVELS = {
    "beginning": "Beginnend",
    "developing": "In ontwikkeling",
    "proficient": "Bekwaam",
    "exemplary": "Voorbeeldig",
}
TEXTS = {
    "title": "Wilgenmand: bodem, wanden en rand",
    "description": (
        "Maakt met de hand één stevige ronde mand van geprepareerde wilgentenen, van de bodem tot de afgewerkte rand, "
        "en kan vertellen waar de vorm uit de streek vandaan komt."
    ),
    "target_group": "Mbo-studenten vanaf 15 jaar, volwassen deelnemers",
    "awarded_by": "Docent of LET-lid, in aanwezigheid van een vakmeester",
    "quality_assurance.name": "Interne toetsing door de regionale alliantie",
    "quality_assurance.description": (
        "De beschrijving is getoetst door het LET en twee leden van de alliantie; één op de vijf toekenningen wordt "
        "binnen 14 dagen opnieuw bekeken door een tweede beoordelaar."
    ),
    "learning_outcomes.LO1.text": (
        "Benoemt de belangrijkste soorten wilg, hoe tenen worden geweekt en gesorteerd, "
        "en het verhaal van één mandvorm uit de streek."
    ),
    "learning_outcomes.LO2.text": (
        "Vlecht bodem, wanden en rand zo dat de mand zijn vorm houdt en zijn last draagt."
    ),
    "learning_outcomes.LO3.text": (
        "Werkt veilig met messen en priem, gebruikt resten opnieuw en laat de werkbank klaar achter voor de volgende."
    ),
    **{f"rubric.levels.{level}.name": name for level, name in _LEVELS.items()},
    **{f"rubric.criteria.{key}.name": name for key, (name, _told) in _CRITERIA.items()},
    **{
        f"rubric.criteria.{key}.descriptors.{level}": text
        for key, (_name, told) in _CRITERIA.items()
        for level, text in zip(_LEVELS, told, strict=True)
    },
    "evidence_required.0.genre": "werkstuk",
    "evidence_required.0.description": "De mand, drie foto's (bodem, wand, rand) met een maatlat erbij",
    "evidence_required.1.genre": "logboek",
    "evidence_required.1.description": "Logboek van tenen, weken en uren",
    "evidence_required.2.genre": "observatie",
    "evidence_required.2.description": "Formulier van de beoordelaar bij de proef op de werkbank",
    "endorsers.0": "Vereniging van ambachtslieden",
    "endorsers.1": "Openluchtmuseum",
    "tags.0": "wilg",
    "tags.1": "mandenvlechten",
    "tags.2": "erfgoed",
    "further_text": (
        "Trek kleren aan die nat mogen worden en neem een zakmes mee als je er een hebt; de werkplaats leent messen en "
        "priemen uit. Geweekte wilg moet dezelfde dag worden gebruikt; daarom heeft de workshop twee lange dagdelen en "
        "niet veel korte.\n\n"
        "De mand mag je houden. Op de foto's voor de badge staat de mand, niet jij."
    ),
}
