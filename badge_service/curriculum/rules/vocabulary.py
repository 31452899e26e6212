"""The words a definition may use: topics, categories, forms of learning and assessment, fields of study, frameworks."""

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
    "ext:GreenComp": "GreenComp: the European sustainability competence framework",
    "ext:DigComp": "DigComp 2.2: the Digital Competence Framework for Citizens",
    "ext:EntreComp": "EntreComp: the entrepreneurship competence framework",
    "ext:LifeComp": "LifeComp: the European framework for personal, social and learning to learn key competence",
    "ext:SDG": "UN Sustainable Development Goals",
    "ext:UNESCOICH": "UNESCO 2003 Convention: domains of intangible cultural heritage (Article 2.2)",
    "ext:NQFLevel": "National qualifications framework",
}

# Written from the level, the field of study and the quality assurance; a definition does not repeat them.
GENERATED_FRAMEWORKS = ("ext:EQFLevel", "ext:ISCEDF", "ext:QualityAssurance")

FIELDS_OF_STUDY = {
    "0031": "Personal skills and development",
    "0111": "Education science",
    "0113": "Teacher training without subject specialisation",
    "0114": "Teacher training with subject specialisation",
    "0211": "Audio-visual techniques and media production",
    "0212": "Fashion, interior and industrial design",
    "0213": "Fine arts",
    "0214": "Handicrafts",
    "0215": "Music and performing arts",
    "0222": "History and archaeology",
    "0231": "Language acquisition",
    "0314": "Sociology and cultural studies",
    "0322": "Library, information and archival studies",
    "0413": "Management and administration",
    "0414": "Marketing and advertising",
    "0416": "Wholesale and retail sales",
    "0417": "Work skills",
    "0521": "Environmental sciences",
    "0522": "Natural environments and wildlife",
    "0611": "Computer use",
    "0613": "Software and applications development and analysis",
    "0712": "Environmental protection technology",
    "0713": "Electricity and energy",
    "0714": "Electronics and automation",
    "0715": "Mechanics and metal trades",
    "0721": "Food processing",
    "0722": "Materials (glass, paper, plastic and wood)",
    "0723": "Textiles (clothes, footwear and leather)",
    "0731": "Architecture and town planning",
    "0732": "Building and civil engineering",
    "0812": "Horticulture",
    "0821": "Forestry",
    "0922": "Child care and youth services",
    "1013": "Hotel, restaurants and catering",
    "1015": "Travel, tourism and leisure",
}
