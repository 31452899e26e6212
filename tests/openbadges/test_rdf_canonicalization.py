"""RDFC-1.0 as the W3C tests it: canonical texts, blank-node labels, SHA-384, and graphs that are poison."""

import csv
import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from badge_service.errors import InvalidError
from badge_service.openbadges import rdf_canonicalization
from badge_service.openbadges.rdf_canonicalization import Quad

TESTS = Path(__file__).parents[2] / ".." / "shared" / "data" / "standards" / "vectors" / "rdf-canon-tests"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def manifest() -> list[dict[str, str]]:
    if not TESTS.exists():
        return []
    with (TESTS / "manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def named(rows: list[dict[str, str]]) -> Any:
    reason = "the shared test data (../shared) is not on this machine"
    marks = [pytest.mark.skipif(not rows, reason=reason)]
    return [pytest.param(row, id=row["test"]) for row in rows] or [pytest.param({}, marks=marks)]


def kind(row: dict[str, str]) -> str:
    """The manifest shifts its columns for tests that name a kind or a hash."""
    return " ".join(value for value in row.values() if isinstance(value, str))


def quads(row: dict[str, str]) -> list[Quad]:
    data = (TESTS / "rdfc10" / f"{row['test']}-in.nq").read_bytes()
    return [
        (str(quad.subject), str(quad.predicate), literal(quad.object), graph(quad.graph_name))
        for quad in pyoxigraph.parse(input=data, format=pyoxigraph.RdfFormat.N_QUADS)
    ]


def graph(name: Any) -> str:
    return "" if isinstance(name, pyoxigraph.DefaultGraph) else str(name)


def literal(term: Any) -> str:
    if not isinstance(term, pyoxigraph.Literal):
        return str(term)
    quoted = f'"{rdf_canonicalization.escape(term.value)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    return quoted if term.datatype.value == XSD_STRING else f"{quoted}^^{term.datatype}"


def hash_of(row: dict[str, str]) -> str:
    return "sha384" if "SHA384" in kind(row) else "sha256"


CANONICAL = [row for row in manifest() if (TESTS / "rdfc10" / f"{row['test']}-rdfc10.nq").exists()]
LABELLED = [row for row in manifest() if (TESTS / "rdfc10" / f"{row['test']}-rdfc10map.json").exists()]
POISONOUS = [row for row in manifest() if "NegativeEval" in kind(row)]


@pytest.mark.parametrize("row", named(CANONICAL))
def test_the_canonical_text_is_the_published_one(row: dict[str, str]) -> None:
    expected = (TESTS / "rdfc10" / f"{row['test']}-rdfc10.nq").read_text("utf-8")
    found = rdf_canonicalization.canonicalize(quads(row), hash_of(row))
    assert found == expected
    assert "".join(rdf_canonicalization.replace_terms(rdf_canonicalization.parse(found), {})) == found


@pytest.mark.parametrize("row", named(LABELLED))
def test_the_labels_of_blank_nodes_are_the_published_ones(row: dict[str, str]) -> None:
    expected = json.loads((TESTS / "rdfc10" / f"{row['test']}-rdfc10map.json").read_text("utf-8"))
    found = rdf_canonicalization.canonical_labels(quads(row), hash_of(row))
    assert {node[2:]: label[2:] for node, label in found.items()} == expected


@pytest.mark.parametrize("row", named(POISONOUS))
def test_a_poison_graph_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(rdf_canonicalization.TooMuchWork):
        rdf_canonicalization.canonicalize(quads(row))


@pytest.mark.skipif(not TESTS.exists(), reason="the shared test data (../shared) is not on this machine")
def test_no_test_of_the_manifest_is_left_out() -> None:
    assert (len(CANONICAL), len(LABELLED), len(POISONOUS)) == (64, 21, 1)
    assert {row["test"] for row in manifest()} == {row["test"] for row in [*CANONICAL, *POISONOUS]}


def test_terms_are_replaced_only_where_they_are_terms() -> None:
    text = '<urn:_:c14n0> <urn:p> "say _:c14n0 \\" . <urn:x>\\u0085 \u2028 \u0085"@en _:c14n0 .\n'
    (quad,) = rdf_canonicalization.parse(text)
    assert quad[2] == '"say _:c14n0 \\" . <urn:x>\\u0085 \u2028 \u0085"@en'
    assert rdf_canonicalization.replace_terms([quad], {"_:c14n0": "_:x"}) == [
        text.replace(" _:c14n0 .\n", " _:x .\n")
    ]


@pytest.mark.parametrize(
    "line", ["", "_:a <urn:p>", '_:a <urn:p> "x"', '<a> "b" <c> .', '_:a <urn:p> "x\\" .']
)
def test_other_spellings_are_not_read(line: str) -> None:
    with pytest.raises(InvalidError):
        rdf_canonicalization.parse(f"{line}\n")
