"""A file that somebody handed in, as an answer: always an attachment, and nothing in it runs."""

from flask import Response

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def attachment(content: bytes, media_type: str | None, name: str) -> Response:
    """The file under `name` with the ending of its type."""
    answer = Response(content, mimetype=media_type)
    ending = _ENDINGS.get(media_type or "", "bin")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer
