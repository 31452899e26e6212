"""What words of learning outcomes mean to makers and teachers: empty words, weak verbs, words that say nearly the same."""

from functools import cache

from badge_service.curriculum.rules.frameworks.folding import stem, words_of

EMPTY = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "against",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "during",
        "each",
        "either",
        "else",
        "even",
        "every",
        "few",
        "for",
        "from",
        "further",
        "had",
        "hand",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "least",
        "less",
        "many",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "near",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "often",
        "on",
        "once",
        "one",
        "only",
        "onto",
        "or",
        "other",
        "others",
        "otherwise",
        "our",
        "out",
        "over",
        "own",
        "per",
        "rather",
        "same",
        "several",
        "she",
        "should",
        "so",
        "some",
        "still",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "thus",
        "to",
        "too",
        "toward",
        "towards",
        "two",
        "three",
        "four",
        "five",
        "ten",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "via",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "would",
        "yet",
        "you",
        "your",
    ]
)
"""Words that say nothing of what is learnt."""

_WEAK = """able apply appropriate basic choose clear clearly common complete consider correct define demonstrate describe
different does ensure example explain find follow get give good help identify include keep know knowledge least list make
main name need new person piece produce responsibility autonomy responsible result select set show simple skill small state
suitable take thing understand use way well work"""
_ALIKE = """offcut scrap leftover remnant waste residue discard rest
reuse upcycle recycle circular repurpose rework
repair mend fix
dye colour color pigment tint shade
mordant dye bath vat
willow wicker rod osier basket rattan cane
weave loom interlace twine
clay ceramic pottery earthenware
kiln fire firing bisque
glaze engobe slip
fabric textile cloth garment
clothes garment clothing apparel fashion
yarn wool fibre thread
sew stitch seam
pattern layout template
maker craftsman craftsperson artisan craftspeople craft
handmade craft handwork
print filament slicer layer
cad model modelling drawing
laser engrave
customer client buyer consumer shopper
market demand
price cost money finance budget margin
sell sale sales
user customer people
stakeholder partner
company firm business enterprise employer
guest visitor speaker
audience listeners public
meeting agenda session
minutes report notes record
moderate facilitate chair
appointment schedule invite arrange invitation
contact network reach connect
pitch present convince persuade
speak talk present explain
interview question ask
listen empathy hear
coach mentor guide support
student learner pupil youth young
teacher trainer educator facilitator
team group together jointly
collaborate cooperate together cocreate
prototype mockup model trial sample
test try trial experiment
iterate improve refine
idea concept solution
creative original inventive
plan organise prepare schedule
deadline time schedule
initiative proactive independent unprompted
reflect review evaluate
feedback comment critique
mistake failure error learn
safe safety hazard risk protective
privacy consent personal permission gdpr
copyright licence license intellectual
photo picture image
video film
text write story
story narrative tell
publish share online website web
search source information
origin provenance trace source supply
label information declare
claim greenwashing evidence
honest ethics fair
fair justice equal
inclusive include everybody accessible
nature plant biodiversity environment
harvest forage pick gather
local region regional nearby
tradition heritage traditional intangible custom
heritage culture museum
footprint impact emission environmental
energy electricity
water rinse
lifecycle lca lifespan
sustainable sustainability eco green
problem challenge
trend future scenario
adapt adjust change flexible
uncertain risk unexpected
decide choice weigh
value worth benefit
resource material
policy municipality government authority
alliance partnership network
quality finish precise craftsmanship"""

_OTHERWISE = """team: teamwork
emission footprint climate: co2 carbon broeikasgas
sew: naaien naai coser costura шиене шия
weave: weven weefsel tejer tejido тъкане тъка
knit: breien tejer плетене плета
dye colour: verven kleuren teñir tinte боядисване багрене
basket wicker: vlechten mandenvlechten mimbre cesteria кошничарство ракита
wood: hout houtbewerking madera дърво дървообработка
clay ceramic: klei keramiek ceramica barro глина керамика
repair: repareren herstellen reparar поправка поправям
design: ontwerpen diseñar дизайн проектиране
sell price: verkopen vender продажба продавам
team: samenwerken samenwerking colaborar сътрудничество екип
sustainability: duurzaam duurzaamheid sostenible sostenibilidad устойчивост
heritage: erfgoed patrimonio наследство
safety: veiligheid seguridad безопасност"""
"""What makers and teachers say instead, in their own languages too: the words before the colon are those of frameworks."""


@cache
def weak() -> frozenset[str]:
    """Stems of words that stand in outcomes of every kind, and therefore say little."""
    return frozenset(stem(word) for word in words_of(_WEAK))


@cache
def alike() -> dict[str, frozenset[str]]:
    """For a stem the stems of words that say nearly the same."""
    found: dict[str, set[str]] = {}
    for line in _ALIKE.splitlines():
        stems = {stem(word) for word in words_of(line)}
        for one in stems:
            found.setdefault(one, set()).update(stems - {one})
    for line in _OTHERWISE.splitlines():
        named, said = (words_of(part) for part in line.split(":"))
        for one in map(stem, said):
            found.setdefault(one, set()).update(map(stem, named))
    return {one: frozenset(others) for one, others in found.items()}
