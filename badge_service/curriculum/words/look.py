"""The words for what a writer can choose for a badge's picture."""

from flask_babel import lazy_gettext as _l

SHAPES = {
    "round": _l("Plain ring"),
    "rope": _l("Twisted rope"),
    "scallop": _l("Scallops"),
    "wave": _l("Waves"),
    "hexagon": _l("Six sides"),
    "pillow": _l("Cushion"),
    "sun": _l("Sun"),
    "octagon": _l("Eight sides"),
    "petal": _l("Petals"),
}
RIBBONS = {
    "none": _l("No ribbon"),
    "band": _l("A band across"),
    "tails": _l("Two tails below"),
    "band_tails": _l("Band and tails"),
}
MOTIFS = {
    "willow": _l("Willow weave"),
    "dye": _l("Plant dyes"),
    "clay": _l("Coiled clay"),
    "wood": _l("Growth rings"),
    "weaving": _l("Twill cloth"),
    "pattern": _l("Pattern pieces"),
    "loops": _l("Linked loops"),
    "printing": _l("Printed layers"),
    "code": _l("Cross-stitch code"),
    "design": _l("Two diamonds"),
    "network": _l("Network"),
    "speech": _l("Speech bubbles"),
    "table": _l("Round table"),
    "coach": _l("Path to the sun"),
    "stitches": _l("Stitched circles"),
    "rosette": _l("Rosette"),
}
LEVEL_MARKS = {"eqf": _l("Marks of the EQF level"), "none": _l("No level in the picture")}
COLOURS = {
    "#1f3d3a": _l("Spruce"),
    "#0d4b2c": _l("Moss"),
    "#123a6b": _l("Indigo"),
    "#3b1a5c": _l("Elderberry"),
    "#7a1f4f": _l("Beetroot"),
    "#6b1f2a": _l("Madder"),
    "#5a3a12": _l("Walnut"),
    "#23302c": _l("Ink"),
}
"""Colours that are ready to take; each can be read on the paper."""

LOOKS = {"shape": SHAPES, "ribbon": RIBBONS, "motif": MOTIFS, "colour": COLOURS, "level_mark": LEVEL_MARKS}
HEADINGS = {
    "shape": _l("Outline"),
    "ribbon": _l("Ribbon"),
    "motif": _l("Motif of the craft"),
    "colour": _l("Colour of rim and title"),
    "level_mark": _l("Level"),
}
