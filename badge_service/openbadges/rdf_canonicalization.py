"""RDF Dataset Canonicalization (RDFC-1.0) over N-Quads terms, with a limit on the work that a hostile graph can cause.

Follows: RDF Dataset Canonicalization, W3C Recommendation of 2024; the numbers in comments are its steps.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import permutations

from badge_service.errors import InvalidError

Quad = tuple[str, str, str, str]
"""Subject, predicate, object, graph, each written as N-Quads writes it; the default graph is an empty string."""

MAX_STEPS = 4_000
"""Labels tried while telling look-alike blank nodes apart; a real badge needs a few dozen at the most."""

_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
_IRI = r"<[^>]*>"
_LITERAL = rf'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?:@[A-Za-z0-9-]+|\^\^{_IRI})?'
_LINE = re.compile(rf"({_IRI}|_:\S+) ({_IRI}) ({_IRI}|_:\S+|{_LITERAL})(?: ({_IRI}|_:\S+))? \.")

_ESCAPES = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)


class TooMuchWork(InvalidError):
    """A graph whose blank nodes cannot be told apart in a reasonable time: no honest badge looks like that."""

    code = "canonicalization_budget"


def escape(text: str) -> str:
    """`text` as it stands between the quotes of a canonical N-Quads literal (section 5, canonical form)."""
    return text.translate(_ESCAPE_TABLE)


def canonicalize(quads: Iterable[Quad], hash: str = "sha256") -> str:
    """The canonical N-Quads of `quads`, one line each; raises TooMuchWork for poison graphs.

    `hash` ("sha256" or "sha384") tells look-alike blank nodes apart; suites on P-384 take the longer one.
    """
    dataset = list(dict.fromkeys(quads))
    labels = canonical_labels(dataset, hash)
    return "".join(replace_terms(dataset, labels))


def canonical_labels(dataset: Iterable[Quad], hash: str = "sha256") -> Mapping[str, str]:
    """For every blank node of `dataset` its canonical label (the issued identifiers map of section 4.4)."""
    return _Canonicalization(dict.fromkeys(dataset), hash).run()


def parse(nquads: str) -> list[Quad]:
    """The quads of canonical `nquads`, as `canonicalize` writes them; InvalidError `jsonld` for other spellings."""
    quads = []
    for line in nquads.split("\n")[:-1]:
        found = _LINE.fullmatch(line)
        if found is None:
            raise InvalidError("This is not canonical N-Quads.", code="jsonld")
        quads.append((found[1], found[2], found[3], found[4] or ""))
    return quads


def replace_terms(quads: Iterable[Quad], replacements: Mapping[str, str]) -> list[str]:
    """The sorted lines of `quads`, with those terms replaced that are in `replacements`."""
    return sorted(_line(tuple(replacements.get(term, term) for term in quad)) for quad in quads)


def _line(quad: tuple[str, ...]) -> str:
    return " ".join(term for term in quad if term) + " .\n"


def _is_blank(term: str) -> bool:
    return term.startswith("_:")


class _Canonicalization:
    """The canonicalization state of section 4.2 for one dataset."""

    def __init__(self, dataset: Iterable[Quad], hash: str) -> None:
        self.hash = _HASHES[hash]
        self.quads_of: dict[str, list[Quad]] = {}
        for quad in dataset:
            for term in {quad[0], quad[2], quad[3]}:
                if _is_blank(term):
                    self.quads_of.setdefault(term, []).append(quad)
        self.issued: dict[str, str] = {}
        self.steps = 0
        self.first_degree = {node: self._hash_first_degree(node) for node in self.quads_of}

    def run(self) -> Mapping[str, str]:
        nodes_with = defaultdict(list)
        for node, digest in self.first_degree.items():
            nodes_with[digest].append(node)
        for _, nodes in sorted(nodes_with.items()):  # 4.4.3, step 4
            if len(nodes) == 1:
                self._issue(nodes[0])
        for _, nodes in sorted(nodes_with.items()):  # 4.4.3, step 5
            if len(nodes) > 1:
                self._issue_look_alikes(nodes)
        return self.issued

    def _digest(self, text: str) -> str:
        return self.hash(text.encode("utf-8")).hexdigest()

    def _issue(self, node: str) -> None:
        self.issued.setdefault(node, f"_:c14n{len(self.issued)}")

    def _issue_look_alikes(self, nodes: list[str]) -> None:
        results = []
        for node in nodes:
            if node not in self.issued:
                results.append(self._hash_n_degree(node, {node: "_:b0"}))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer:
                self._issue(node)

    def _hash_first_degree(self, node: str) -> str:
        """Section 4.6."""
        lines = []
        for quad in self.quads_of[node]:
            lines.append(
                _line(
                    tuple(
                        ("_:a" if term == node else "_:z") if place != 1 and _is_blank(term) else term
                        for place, term in enumerate(quad)
                    )
                )
            )
        return self._digest("".join(sorted(lines)))

    def _hash_related(self, related: str, quad: Quad, issuer: Mapping[str, str], position: str) -> str:
        """Section 4.7."""
        predicate = "" if position == "g" else quad[1]
        identifier = self.issued.get(related) or issuer.get(related) or self.first_degree[related]
        return self._digest(position + predicate + identifier)

    def _related(self, node: str, issuer: Mapping[str, str]) -> dict[str, list[str]]:
        """Section 4.8.3, steps 1 to 3: the neighbours of `node`, under their related hash."""
        neighbours: dict[str, list[str]] = defaultdict(list)
        for quad in self.quads_of[node]:
            for position, term in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if _is_blank(term) and term != node:
                    neighbours[self._hash_related(term, quad, issuer, position)].append(term)
        return neighbours

    def _hash_n_degree(self, node: str, issuer: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Section 4.8."""
        data = ""
        for digest, neighbours in sorted(self._related(node, issuer).items()):
            chosen_path, chosen_issuer = "", issuer
            for order in permutations(neighbours):  # 5.4
                path, tried = self._walk(order, dict(issuer), chosen_path)
                if path and (not chosen_path or path < chosen_path):
                    chosen_path, chosen_issuer = path, tried
            data += digest + chosen_path
            issuer = chosen_issuer
        return self._digest(data), issuer

    def _walk(
        self, order: tuple[str, ...], issuer: dict[str, str], chosen: str
    ) -> tuple[str, dict[str, str]]:
        """Section 4.8.3, steps 5.4.4 and 5.4.5; an empty path when it cannot beat the chosen one."""
        path, recursion = "", []
        for related in order:
            self._step()
            if related not in self.issued and related not in issuer:
                recursion.append(related)
                issuer[related] = f"_:b{len(issuer)}"
            path += self.issued.get(related) or issuer[related]
            if _is_worse(path, chosen):
                return "", issuer
        for related in recursion:
            digest, result = self._hash_n_degree(related, issuer)
            path += issuer[related] + f"<{digest}>"
            issuer = result
            if _is_worse(path, chosen):
                return "", issuer
        return path, issuer

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuchWork("This badge is built so that reading it would take for ever.")


def _is_worse(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
