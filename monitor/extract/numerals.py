"""Reads one numeral as written: 1,286, 2.5万亿, 1万3千, 三百六十五, 二〇三五. Finds nothing in running text; quantities.py does."""

import re
from decimal import Decimal

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
SCALES = TENS | MYRIADS
FIGURES = frozenset("0123456789")
# Most numerals of running text are one character (三家, 十大), and those are looked up.
SINGLE = {character: Decimal(value) for character, value in (DIGITS | SCALES).items()}
PARTS = re.compile(r"([0-9.]+)([十百千万亿]*)")


def read_numeral(written: str) -> Decimal | None:
    """The value of a numeral in figures, in characters or in both; None where it is none (empty, two points)."""
    if written in SINGLE:
        return SINGLE[written]
    plain = written.replace(",", "").replace(" ", "")
    if not plain:
        return None
    if plain.isascii() and plain.isdecimal():
        return Decimal(plain)
    return _figures(plain) if plain[0] in FIGURES else _characters(plain)


def scale_of(written: str) -> str:
    """The multiplying characters a numeral in figures ends with ("5万亿" -> "万亿"), else an empty string."""
    stem = written.rstrip("十百千万亿")
    return written[len(stem) :] if stem and stem[-1] in FIGURES else ""


def multiplied(value: Decimal, scale: str) -> Decimal:
    """The value times every multiplying character: 万亿 is ten thousand times a hundred million."""
    for character in scale:
        value *= SCALES[character]
    return value


def _figures(plain: str) -> Decimal | None:
    """Figures with multipliers add up: 1万3千 is 13,000."""
    total = Decimal(0)
    position = 0
    for part in PARTS.finditer(plain):
        if part.start() != position or part[1].count(".") > 1 or part[1] == ".":
            return None
        total += multiplied(Decimal(part[1]), part[2])
        position = part.end()
    return total if position == len(plain) else None


def _characters(plain: str) -> Decimal | None:
    """Characters: 三百六十五, 两千亿, 万亿, 十二点五; a row of digits without multipliers is read digit by digit."""
    whole, _, fraction = plain.partition("点")
    if fraction.strip("".join(DIGITS)) or any(
        character not in DIGITS and character not in SCALES for character in whole
    ):
        return None
    value = Decimal(_digit_row(whole) if all(c in DIGITS for c in whole) else _sum(whole))
    if fraction:
        value += Decimal("0." + "".join(str(DIGITS[character]) for character in fraction))
    return value


def _digit_row(whole: str) -> int:
    return int("".join(str(DIGITS[character]) for character in whole) or "0")


def _sum(whole: str) -> int:
    """Multipliers below ten thousand act on the digit before them, 万 and 亿 on what has been gathered so far."""
    total, section, digit, last = 0, 0, 0, 1
    for character in whole:
        if character in DIGITS:
            digit = DIGITS[character]
            continue
        if character in TENS:
            section += (digit or 1) * TENS[character]
        elif total < MYRIADS[character]:
            total, section = (total + section + digit or 1) * MYRIADS[character], 0
        else:
            total, section = total + (section + digit or 1) * MYRIADS[character], 0
        digit, last = 0, SCALES[character]
    # 一万三 means 13,000: a digit right after a multiplier counts its tenths, unless 零 stands between.
    spoken = len(whole) > 1 and whole[-2] in SCALES and last > 10
    return total + section + (digit * last // 10 if spoken else digit)
