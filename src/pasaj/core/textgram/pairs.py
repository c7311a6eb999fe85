"""Which number belongs to which word: the pairing of neighbours that leaves least over."""

from collections.abc import Sequence

from pasaj.core.textgram.scan import Item

ALONE = 10  # a word or number without its other half
NUMBER_FIRST = 1  # "214 entries" instead of "entries 214"
CLAUSE = 1  # a comma between them
LINE = 3  # a line end between them
UNKNOWN = 2  # something nobody understood between them
APART = 9  # never worth it

Pair = tuple[Item, Item]  # word, number


def pair(items: Sequence[Item], *, word_first: bool = False) -> tuple[list[Pair], list[Item]]:
    """Pairs of a word and a number (or a zero), and those of both that stay alone, in the order of the text.

    A place between them keeps them apart. `word_first`: "214 entries" is not looked for. Among equal readings
    the word before its number wins.
    """
    halves = [at for at, one in enumerate(items) if one.kind in ("word", "number", "zero")]
    # best[n]: the least cost of the first n halves, and whether the last two of them are a pair.
    best: list[tuple[int, bool]] = [(0, False)]
    for n in range(1, len(halves) + 1):
        found = (best[n - 1][0] + ALONE, False)
        if n > 1:
            cost = _cost(items, halves[n - 2], halves[n - 1], word_first)
            if cost < APART:
                found = min(found, (best[n - 2][0] + cost, True), key=lambda one: one[0])
        best.append(found)
    pairs: list[Pair] = []
    alone: list[Item] = []
    n = len(halves)
    while n:
        if best[n][1]:
            one, two = items[halves[n - 2]], items[halves[n - 1]]
            pairs.append((one, two) if one.kind == "word" else (two, one))
            n -= 2
        else:
            alone.append(items[halves[n - 1]])
            n -= 1
    return pairs[::-1], alone[::-1]


def _cost(items: Sequence[Item], first: int, second: int, word_first: bool) -> int:
    one, two = items[first], items[second]
    if (one.kind == "word") == (two.kind == "word"):
        return APART
    cost = 0
    if two.kind == "word":
        if word_first:
            return APART
        cost = NUMBER_FIRST
        # "goats 9, entries": the number is that of the word nobody knows.
        foreign = first > 0 and items[first - 1].kind == "unknown"
        if foreign and any(between.kind in ("clause", "line") for between in items[first + 1 : second]):
            return APART
    for between in items[first + 1 : second]:
        cost += {"place": APART, "line": LINE, "clause": CLAUSE, "unknown": UNKNOWN, "day": LINE}.get(between.kind, 0)
    return cost
