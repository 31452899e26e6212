"""The words a definition may use: topics, categories, forms of learning and assessment, fields of study, frameworks."""

from badge_service.errors import N_

TOPICS = ("traditional_crafts", "trends_new_technologies", "circular_economy", "cross_topic")
CATEGORIES = (
    "craft_technique",
    "sustainable_fashion",
    "sustainable_business_model",
    "digital_innovation",
    "design_thinking",
    "student_in_the_lead",
    "alliance_participation",
    "teacher_facilitation",
)
LANGUAGES = ("en", "nl", "es", "bg", "da", "fi", "ro")
ACHIEVEMENT_TYPES = ("MicroCredential",)
LEVELS = (1, 2, 3, 4, 5, 6, 7, 8)

# EU elements M9, M10 and O2: the words of Dutch edubadges practice for participation and supervision, the European
# Learning Model's for assessment and mode.
PARTICIPATION = (
    "online",
    "onsite or blended",
    "volunteering",
    "work experience",
    "personalized learning activities",
)
SUPERVISION = (
    "unsupervised with no identity verification",
    "supervised with no identity verification",
    "supervised online",
    "onsite with identity verification",
)
ASSESSMENTS = (
    "artefact assessment",
    "continuous evaluation",
    "group performance",
    "level of attendance",
    "marked assignment",
    "oral examination",
    "peer assessment",
    "peer review",
    "portfolio",
    "practical assessment",
    "problem based learning",
    "project work",
    "quiz",
    "written examination",
)
LEARNING_MODES = ("Presential", "Blended", "Online", "Workbased", "Project based", "Research-Lab based")
QUALITY_ASSURANCE_TYPES = ("internal", "external")
STACKABILITY = ("stand-alone", "stackable", "integrated")
OUTCOME_KINDS = ("knowledge", "skill", "responsibility")
WORKLOAD_PARTS = ("guided", "practice", "self_study", "assessment")
ACTIVITY_TYPES = (
    "pilot_workshop",
    "master_class",
    "maker_space",
    "co_creation_session",
    "project",
    "guest_lecture",
    "stakeholder_outreach",
    "alliance_meeting",
    "teacher_training",
)

FRAMEWORKS = {
    "ext:ESCOSkill": "ESCO",
    "ext:ESCOOccupation": "ESCO",
    "ext:GreenComp": N_("GreenComp: the European sustainability competence framework"),
    "ext:DigComp": N_("DigComp 2.2: the Digital Competence Framework for Citizens"),
    "ext:EntreComp": N_("EntreComp: the entrepreneurship competence framework"),
    "ext:LifeComp": N_(
        "LifeComp: the European framework for personal, social and learning to learn key competence"
    ),
    "ext:SDG": N_("UN Sustainable Development Goals"),
    "ext:UNESCOICH": N_("UNESCO 2003 Convention: domains of intangible cultural heritage (Article 2.2)"),
    "ext:NQFLevel": N_("National qualifications framework"),
}

# Written from the level, the field of study and the quality assurance; a definition does not repeat them.
GENERATED_FRAMEWORKS = ("ext:EQFLevel", "ext:ISCEDF", "ext:QualityAssurance")

FIELDS_OF_STUDY = {
    "0031": N_("Personal skills and development"),
    "0111": N_("Education science"),
    "0113": N_("Teacher training without subject specialisation"),
    "0114": N_("Teacher training with subject specialisation"),
    "0211": N_("Audio-visual techniques and media production"),
    "0212": N_("Fashion, interior and industrial design"),
    "0213": N_("Fine arts"),
    "0214": N_("Handicrafts"),
    "0215": N_("Music and performing arts"),
    "0222": N_("History and archaeology"),
    "0231": N_("Language acquisition"),
    "0314": N_("Sociology and cultural studies"),
    "0322": N_("Library, information and archival studies"),
    "0413": N_("Management and administration"),
    "0414": N_("Marketing and advertising"),
    "0416": N_("Wholesale and retail sales"),
    "0417": N_("Work skills"),
    "0521": N_("Environmental sciences"),
    "0522": N_("Natural environments and wildlife"),
    "0611": N_("Computer use"),
    "0613": N_("Software and applications development and analysis"),
    "0712": N_("Environmental protection technology"),
    "0713": N_("Electricity and energy"),
    "0714": N_("Electronics and automation"),
    "0715": N_("Mechanics and metal trades"),
    "0721": N_("Food processing"),
    "0722": N_("Materials (glass, paper, plastic and wood)"),
    "0723": N_("Textiles (clothes, footwear and leather)"),
    "0731": N_("Architecture and town planning"),
    "0732": N_("Building and civil engineering"),
    "0812": N_("Horticulture"),
    "0821": N_("Forestry"),
    "0922": N_("Child care and youth services"),
    "1013": N_("Hotel, restaurants and catering"),
    "1015": N_("Travel, tourism and leisure"),
}
