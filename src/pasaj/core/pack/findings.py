"""Collecting problems and warnings while a pack is read, and the codes files define for each other."""

from dataclasses import dataclass, field

from pasaj.core.pack.vocabulary import Vocabulary
from pasaj.core.problems import Problem, problem


@dataclass(slots=True)
class Domain:
    """The codes of one file: what other files may refer to. Without the file nothing can be checked."""

    target: str
    rows: dict[str, int] = field(default_factory=dict)
    present: bool = False
    broken: bool = False
    _words: Vocabulary | None = None

    def nearest(self, word: str) -> str:
        if self._words is None:
            self._words = Vocabulary(self.rows)
        return self._words.nearest(word)


class Findings:
    """Every problem and every warning, in the order they were met."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._cells: set[tuple[str, int | None, str]] = set()

    def refuse(self, code: str, /, file: str = "", row: int | None = None, column: str = "", **params: object) -> None:
        self.problems.append(problem(code, file=file, row=row, column=column, **params))
        self._cells.add((file, row, column))

    def warn(self, code: str, /, file: str = "", row: int | None = None, column: str = "", **params: object) -> None:
        self.warnings.append(problem(code, file=file, row=row, column=column, **params))

    def told(self, file: str, row: int | None, column: str) -> bool:
        """Whether a cell has been refused already."""
        return (file, row, column) in self._cells

    def unknown(self, domain: Domain, code: str, file: str, row: int | None, column: str) -> None:
        """Refuse a code that its domain lacks, unless the file of the domain could not be read completely."""
        if code in domain.rows or domain.broken:
            return
        value, nearest = code[:60], domain.nearest(code)
        if nearest:
            self.refuse("PACK-015", file, row, column, value=value, target=domain.target, nearest=nearest)
        else:
            self.refuse("PACK-016", file, row, column, value=value, target=domain.target)
