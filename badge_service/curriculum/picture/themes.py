"""Which motif, colours and outline a definition gets: by its craft or topic (words of title and tags), else by its category."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from badge_service.curriculum.picture import cloth_motifs, craft_motifs, idea_motifs, people_motifs
from badge_service.curriculum.picture.drawing import Chance, Palette

Motif = Callable[[Palette, Chance], list[str]]


@dataclass(frozen=True)
class Theme:
    """One way to draw a badge: its motif, the colours to choose among, and the beginnings of words that call for it."""

    motif: Motif
    palettes: tuple[Palette, ...]
    words: tuple[str, ...] = ()


THEMES: dict[str, Theme] = {
    "willow": Theme(
        craft_motifs.willow,
        (
            Palette("#35401f", "#23301a", "#cf9f55", "#e8c98b", "#8a5a2b"),
            Palette("#3b2a1a", "#2a1d12", "#b98a4b", "#dcb981", "#6f7d3c"),
        ),
        ("willow", "basket", "wicker", "върб", "кошни", "плет", "wilg", "manden", "mimbre", "cester"),
    ),
    "dye": Theme(
        craft_motifs.dye,
        (
            Palette("#472038", "#f1e6d2", "#c0394b", "#e3a72f", "#2b5a8c"),
            Palette("#20354a", "#efe6d6", "#2f6f8f", "#c7503f", "#d9a441"),
        ),
        ("dye", "dying", "багр", "оцвет", "verf", "tint", "teñi"),
    ),
    "clay": Theme(
        craft_motifs.clay,
        (
            Palette("#4b2418", "#d7996c", "#b4552f", "#cf7a4c", "#7b3b22"),
            Palette("#2f3a40", "#8fa9a6", "#b4673f", "#d0906a", "#51696b"),
        ),
        ("clay", "ceram", "potter", "керам", "грънч", "глин", "keram", "klei", "cerám", "alfar", "barro"),
    ),
    "wood": Theme(
        craft_motifs.growth_rings,
        (Palette("#3f2817", "#6b4526", "#d9ab6c", "#c89250", "#8a5a2b"),),
        ("wood", "carv", "timber", "дърв", "резб", "hout", "mader", "talla"),
    ),
    "weaving": Theme(
        cloth_motifs.twill,
        (
            Palette("#3b1f2b", "#3b1f2b", "#b9475b", "#f0dcb8", "#e0a23a"),
            Palette("#1f2f45", "#1f2f45", "#38618c", "#f0e4cf", "#d98e4a"),
        ),
        ("weav", "loom", "carpet", "тъка", "килим", "weef", "weven", "telar", "tejid"),
    ),
    "pattern": Theme(
        cloth_motifs.pattern_pieces,
        (
            Palette("#1f3d3a", "#2f6b62", "#d96c4f", "#f0b95b", "#4f9488"),
            Palette("#3a2347", "#69437d", "#3f8a8c", "#f0b95b", "#d5607a"),
        ),
        (
            "pattern",
            "garment",
            "sew",
            "zero-waste",
            "upcycl",
            "fashion",
            "шев",
            "дрех",
            "кройк",
            "мода ",
            "kleding",
            "naai",
            "costura",
            "moda ",
        ),
    ),
    "loops": Theme(
        idea_motifs.loops,
        (Palette("#173a3f", "#1f5a5c", "#ef8354", "#f2c14e", "#7fc8a9"),),
        ("circular", "кръгов", "circul", "business model", "бизнес"),
    ),
    "printing": Theme(
        idea_motifs.printed_layers,
        (
            Palette("#1b2a4a", "#24406e", "#f26b4e", "#f79d6b", "#b8404f"),
            Palette("#2a2145", "#40306e", "#35b3a4", "#7ad9c4", "#1f7d86"),
        ),
        ("3d", "print", "cad ", "печат", "impres"),
    ),
    "code": Theme(
        cloth_motifs.cross_stitch,
        (Palette("#3a1420", "#f6ecd9", "#b3202f", "#d98e2b", "#1f3f3a"),),
        (
            "qr",
            "traceab",
            "story",
            "разказ",
            "embroid",
            "бродер",
            "шевиц",
            "borduur",
            "bordad",
        ),
    ),
    "design": Theme(
        idea_motifs.diamonds,
        (Palette("#33204d", "#e9c7b0", "#6a4c93", "#f2a65a", "#c8455f"),),
        ("design thinking", "sprint", "co-creat", "дизайн"),
    ),
    "network": Theme(
        people_motifs.network,
        (Palette("#123047", "#1f5673", "#ef8354", "#8fd0c0", "#e05a6d"),),
        ("network", "student", "scout", "мреж", "netwerk", "red de"),
    ),
    "speech": Theme(
        people_motifs.speech,
        (Palette("#4a1c35", "#a63d5f", "#a63d5f", "#f2b35a", "#4a1c35"),),
        ("guest", "speaker", "speech", "лектор", "гост", "spreker", "ponente"),
    ),
    "table": Theme(
        people_motifs.round_table,
        (Palette("#22331f", "#4d7048", "#c8553d", "#f0c36b", "#2f5d7c"),),
        ("meeting", "facilitat", "alliance", "среща", "алианс", "съюз", "vergader", "reunión", "alianza"),
    ),
    "coach": Theme(
        people_motifs.path_to_sun,
        (Palette("#1f2c4d", "#e58a5b", "#7a9e7e", "#4f7f74", "#2d5563"),),
        ("coach", "teach", "mentor", "учител", "наставн", "docent", "leraar", "docente"),
    ),
    "stitches": Theme(
        cloth_motifs.stitched_circles,
        (
            Palette("#182a4a", "#27437a", "#e0715a", "#f0b95b", "#6fb3b8"),
            Palette("#4a2119", "#9a4634", "#f0b95b", "#3f7f7a", "#f1dcc0"),
        ),
    ),
    "rosette": Theme(
        idea_motifs.rosette,
        (
            Palette("#2d2547", "#473a72", "#8b76c4", "#e39a6f", "#5f4f97"),
            Palette("#163832", "#23574d", "#5fa68f", "#f0c36b", "#2f7467"),
            Palette("#4a1c24", "#7a2e3a", "#c8553d", "#f0b95b", "#8f3b47"),
            Palette("#16304a", "#24507a", "#5b9bc8", "#f2a65a", "#2f6f9f"),
        ),
    ),
}

CATEGORIES: dict[
    str, tuple[str, str]
] = {  # category → outline of the rim, theme when no word calls for another
    "craft_technique": ("rope", "stitches"),
    "sustainable_fashion": ("scallop", "pattern"),
    "sustainable_business_model": ("wave", "loops"),
    "business_model": ("wave", "loops"),
    "digital_innovation": ("hexagon", "code"),
    "design_thinking": ("pillow", "design"),
    "student_in_the_lead": ("sun", "network"),
    "alliance_participation": ("octagon", "table"),
    "teacher_facilitation": ("petal", "coach"),
    "teaching": ("petal", "coach"),
    "pathway": ("sun", "rosette"),
}


def choose(title: str, category: str, tags: Sequence[str]) -> tuple[str, Theme]:
    """The outline and theme of a definition; the word that stands first in the title decides, then the tags, then the category."""
    outline, fallback = CATEGORIES.get(category, ("round", "rosette"))
    for text in (title, " ".join(tags)):
        if found := _called_for(text.casefold()):
            return outline, THEMES[found]
    return outline, THEMES[fallback]


def _called_for(text: str) -> str | None:
    padded = f" {text.replace('-', ' ')}  {text} "
    places = {
        padded.find(f" {word}"): name
        for name, theme in THEMES.items()
        for word in theme.words
        if f" {word}" in padded
    }
    return places[min(places)] if places else None
