"""A small PDF that can really be read, for tests in which one is handed in."""

from collections.abc import Sequence

SECRET = "Jane Author"


def pdf(*more: bytes, pages: int = 1, catalog: bytes = b"", page: bytes = b"", trailer: bytes = b"") -> bytes:
    """Pages with a grey box on them; `more` are further objects (from number 5 on), the others join what stands there."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    content = b"0.5 g 20 20 60 40 re f"
    objects: Sequence[bytes] = (
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R" + page + b">>",
        b"<</Length %d>>\nstream\n" % len(content) + content + b"\nendstream",
        *more,
    )
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<</Root 1 0 R/Size %d" % size + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + head + table + tail


PDF = pdf()
