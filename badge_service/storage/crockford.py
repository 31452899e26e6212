"""Twelve-character codes that people can type: Crockford base 32 with a checksum, forgiving about case, O, I and L."""

from badge_service.errors import N_, Fault, InvalidError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
RANDOM_BYTES = 7
_DATA_CHARACTERS = LENGTH - 1
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def encode(random: bytes) -> str:
    """A code such as `7K3M-9PQR-4VWX` from at least 7 random bytes: 55 bits and one check character."""
    if len(random) < RANDOM_BYTES:
        raise ValueError(f"a code needs {RANDOM_BYTES} random bytes")
    number = (
        int.from_bytes(random[:RANDOM_BYTES], "big") >> 1
    )  # 56 bits to the 55 that eleven characters hold
    data = "".join(ALPHABET[(number >> shift) & 31] for shift in range(50, -1, -5))
    return grouped(data + _checksum(data))


def check(code: str) -> str:
    """The code in its one written form, whatever case, hyphens or look-alike letters were typed.

    Raises InvalidError (`code_length`, `code_letter` or `code_checksum`) with what to do about it.
    """
    plain = "".join(code.split()).upper().translate(_FORGIVEN)
    if unknown := sorted({character for character in plain if character not in ALPHABET}):
        message = N_("These characters are never in a code: %(characters)s", characters=" ".join(unknown))
        raise _refusal(message, "code_letter")
    if len(plain) != LENGTH:
        message = N_(
            "A code has %(length)s letters and digits; this has %(typed)s.", length=LENGTH, typed=len(plain)
        )
        raise _refusal(message, "code_length")
    if _checksum(plain[:-1]) != plain[-1]:
        message = N_("There is a typing mistake in this code. Compare it with the card once more.")
        raise _refusal(message, "code_checksum")
    return grouped(plain)


def grouped(plain: str) -> str:
    """Groups of four with hyphens."""
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _checksum(data: str) -> str:
    """Horner's rule in GF(32): catches every single wrong character and every swap of two neighbours."""
    total = 0
    for character in data:
        total = _double(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _double(value: int) -> int:
    """Multiply by x in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _refusal(message: str, code: str) -> InvalidError:
    hint = N_("Type the code as it is printed.")
    return InvalidError(message, code=code, hint=hint, faults=[Fault("code", message, code)])
