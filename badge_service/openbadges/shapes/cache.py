"""Which shapes are kept, for how long, and when their answers are compared with the full expansion.

Strangers choose the documents that we judge, so they cannot be let to push out the shapes of our own badges: those live
in a store of their own, and a stranger's shape is compiled only when it is seen for the second time.
"""

import logging
import random
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from badge_service.openbadges.rdf_canonicalization import TooMuchWork
from badge_service.openbadges.shapes.bound import Canonical
from badge_service.openbadges.shapes.compiling import Expand, compile_shape
from badge_service.openbadges.shapes.definitions import Definitions, Found, copied
from badge_service.openbadges.shapes.likeness import Likeness
from badge_service.openbadges.shapes.outlines import Outline, Words, outline
from badge_service.openbadges.shapes.shape import Shape
from badge_service.openbadges.shapes.terms import Pattern, Unsuitable

MAX_SHAPES = 512
MAX_BYTES = 32 * 1024 * 1024
MAX_SEEN_ONCE = 4_096
CHECKED_ONE_IN = 10_000
"""One in so many answers is compared with the full expansion, which takes about as long as two hundred of them."""

_LOG = logging.getLogger(__name__)


class Store:
    """Shapes under their keys, the least recently used dropped first; None for a shape that could not be compiled."""

    def __init__(self, max_shapes: int = MAX_SHAPES, max_bytes: int = MAX_BYTES) -> None:
        self._max_shapes, self._max_bytes = max_shapes, max_bytes
        self._lock = threading.Lock()
        self._shapes: OrderedDict[tuple[object, ...], tuple[Shape | None, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._shapes)

    def __contains__(self, key: tuple[object, ...]) -> bool:
        return key in self._shapes

    def get(self, key: tuple[object, ...]) -> Shape | None:
        """The shape under `key`, if there is one."""
        with self._lock:
            found = self._shapes.get(key)
            if found is None:
                return None
            self._shapes.move_to_end(key)
            return found[0]

    def put(self, key: tuple[object, ...], shape: Shape | None) -> None:
        """Keep `shape`, and drop what was not used for longest when there is too much."""
        size = _bytes_of(key, shape)
        with self._lock:
            if key in self._shapes:
                self._bytes -= self._shapes.pop(key)[1]
            self._shapes[key] = (shape, size)
            self._bytes += size
            while len(self._shapes) > self._max_shapes or self._bytes > self._max_bytes:
                _, (_, freed) = self._shapes.popitem(last=False)
                self._bytes -= freed


def _bytes_of(key: tuple[object, ...], shape: Shape | None) -> int:
    """About how much memory an entry takes; a line is kept three times, as patterns and in two templates."""
    texts = sum(len(part) for part in key if isinstance(part, str))
    lines = 0 if shape is None else sum(600 + 8 * _letters(pattern) for pattern in shape.patterns)
    return 100 * len(key) + 4 * texts + lines


def _letters(pattern: Pattern) -> int:
    return sum(len(term) for term in pattern if isinstance(term, str))


class Shapes:
    """Canonical forms by compiled shapes, over one set of contexts: `load` gives them, `digests` names their bytes.

    `expand` turns a document into quads by the full expansion, and raises Unsuitable for one with faults. Safe for
    threads. `enabled` turns it all off; `checked_one_in` is how many answers there are to one that is compared.
    """

    def __init__(
        self, expand: Expand, load: Callable[[str], Mapping[str, Any]], digests: Mapping[str, str]
    ) -> None:
        self._expand, self._load, self._digests = expand, load, digests
        self._lock = threading.Lock()
        self.forget()
        self.enabled = True
        self.checked_one_in = CHECKED_ONE_IN

    def forget(self) -> None:
        """Start anew, with no shape known or seen."""
        self.ours, self.strangers = Store(), Store()
        self.our_definitions, self.strangers_definitions = Definitions(), Definitions()
        self._seen_once: OrderedDict[int, None] = OrderedDict()

    @cached_property
    def words(self) -> Words:
        """What all contexts together say about words."""
        return Words.of(self._load(address) for address in self._digests)

    def outline(self, document: Mapping[str, Any]) -> Outline | None:
        """`document` taken apart, or None when it is none for compiled shapes."""
        if not self.enabled:
            return None
        try:
            return outline(document, self.words, self._digests)
        except (Unsuitable, RecursionError):
            return None

    def canonicalize(self, document: Mapping[str, Any], *, ours: bool = False) -> Canonical | None:
        """The canonical form of a document without faults, or None when it has to be expanded."""
        found = self.recognize(document) or (
            None if ours else self._find(self.strangers_definitions, document)
        )
        try:
            if found is not None:
                return found.likeness.canonicalize(found.texts)
            return self._by_shape(document, ours)
        except (Unsuitable, TooMuchWork):
            return None

    def recognize(self, document: Mapping[str, Any]) -> Found | None:
        """What recognizes `document` as one more of our own."""
        return self._find(self.our_definitions, document)

    def _find(self, definitions: Definitions, document: Mapping[str, Any]) -> Found | None:
        return definitions.find(document, tuple(self._digests.values())) if self.enabled else None

    def _by_shape(self, document: Mapping[str, Any], ours: bool) -> Canonical | None:
        outlined = self.outline(document)
        shape = self.find(outlined) if outlined else None
        if outlined is None or shape is None:
            return None
        canonical = shape.canonicalize(outlined.values)
        definitions = self.our_definitions if ours else self.strangers_definitions
        definitions.learn(
            document, copied(document, outlined, shape, self.words), tuple(self._digests.values())
        )
        return canonical

    def likeness(self, document: Mapping[str, Any]) -> Likeness | None:
        """What recognizes others like `document`, once told where they may differ; None when its shape is not compiled."""
        found = self.recognize(document)
        if found is not None:
            return found.likeness
        outlined = self.outline(document)
        shape = self.find(outlined) if outlined else None
        return copied(document, outlined, shape, self.words) if outlined and shape else None

    def keep(self, likeness: Likeness) -> None:
        """Let `likeness` recognize our own documents from now on."""
        self.our_definitions.put(likeness, tuple(self._digests.values()))

    def find(self, outlined: Outline) -> Shape | None:
        """The compiled shape of a document."""
        return self.ours.get(outlined.key) or self.strangers.get(outlined.key)

    def learn(self, document: Mapping[str, Any], nquads: str, *, ours: bool) -> None:
        """Compile the shape of `document`, whose canonical form by full expansion is `nquads`, if it is worth it."""
        outlined, store = self.outline(document), self.ours if ours else self.strangers
        if outlined is None or outlined.key in store or not (ours or self._was_seen(outlined)):
            return
        try:
            shape = compile_shape(document, outlined, self.words, self._expand)
            if not self.agree(shape.canonicalize(outlined.values).nquads.decode("utf-8"), nquads):
                return
        except (Unsuitable, TooMuchWork):
            store.put(outlined.key, None)
        else:
            store.put(outlined.key, shape)

    def is_to_be_checked(self) -> bool:
        """Whether the dice say that this answer is to be compared with the full expansion."""
        return random.random() * self.checked_one_in < 1  # noqa: S311 (a sample, not a secret)

    def agree(self, found: str, expanded: str) -> bool:
        """Whether both ways came to the same; if not, compiled shapes are over for this process."""
        if found == expanded:
            return True
        self.enabled = False
        _LOG.error("compiled shapes gave another canonical form than full expansion; they are turned off")
        return False

    def _was_seen(self, outlined: Outline) -> bool:
        mark = hash(outlined.key)
        with self._lock:
            if mark in self._seen_once:
                return True
            self._seen_once[mark] = None
            if len(self._seen_once) > MAX_SEEN_ONCE:
                self._seen_once.popitem(last=False)
            return False
