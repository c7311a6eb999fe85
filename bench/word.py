"""A Word file of 200 clauses, ten replies made in LibreOffice with mixed edits: what is lost, what lands wrongly.

    python bench/word.py [--clauses 200] [--replies 10] [--seed 1]

Each reply is planned by a seeded generator that knows where every change belongs: words replaced with and without a
record, by two authors, in titles, paragraphs and lists; comments; clauses added, deleted and moved, with and without a
record. LibreOffice makes the edits and saves; every third reply is opened and saved once more, every other third goes
by way of OpenDocument. What the file gives back is compared with the plan: kind, clause, author, recorded or silent,
and the words of the clause as proposed, which the plan computes by replacing text of its own. Lost is what the plan
holds and the landing does not, misattributed what the landing holds and the plan does not.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import office

from pasaj.core.word import Cover, DocumentId, Item, WordClause, clause_blocks, document, front, land, passages

AUTHORS = ("Marie Jean", "Paul Ogé")
TEXT = """autorité frontière registre point passage contrôle agent formation dossier délai rapport mesure protection
    accueil orientation retour accord échange donnée service équipe budget poste horaire plainte recours mineur famille
    document visa séjour transport marché santé douane police concertation suivi évaluation"""
WORDS = TEXT.split()
WHICH = DocumentId("NMP", "NMP-K1", "fr", 3)
COVER = Cover("Politique nationale", "Consultation", "DÉMONSTRATION", (("Ouvre", "2 novembre"),), "Comment répondre",
              ("Écrivez dans le texte.", "Enregistrez en .docx."), "Clause", "Page {number} sur {count}")  # fmt: skip
Row = tuple[str, str, tuple[str, ...], bool, str]


@dataclass
class Plan:
    """Steps for LibreOffice, and what they come to: kind, clause or what it stands behind, authors, silent, words."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def clauses(rng: random.Random, count: int) -> list[WordClause]:
    """Clauses with every form there is; the number in each paragraph makes it the only one of its words."""
    made = []
    for at in range(1, count + 1):

        def said(part: str, number: int = at) -> str:
            return f"{' '.join(rng.choices(WORDS, k=rng.randint(8, 25))).capitalize()} {number:03d}{part}."

        shape = rng.randrange(4)
        body = f"{said('a')} L’**autorité** {said('b').lower()}"
        if shape == 1:
            body += f"\n\n- {said('c')}\n- {said('d')}\n- {said('e')}"
        elif shape == 2:
            body += f"\n\n1. {said('c')}\n2. {said('d')}\n   - {said('e')}\n\n{said('f')}"
        elif shape == 3:
            body = said("a")
        title = f"Titre {at:03d}t" if shape != 3 else ""
        made.append(WordClause(f"NMP-C{at:03d}", rng.randint(1, 9), body, title, rng.choice((2, 3)), f"{at}"))
    return made


def words(clause: WordClause) -> list[str]:
    return [one.plain for one in clause_blocks(clause)]


class Planner:
    """One reply: each clause is touched by one plan, neighbours of moved ones by none."""

    def __init__(self, rng: random.Random, base: list[WordClause]) -> None:
        self.rng, self.base, self.plan = rng, base, Plan()
        self.free = list(range(3, len(base) - 3))
        rng.shuffle(self.free)

    def take(self, room: int = 1) -> int:
        """A clause that nothing has touched, nor its neighbours."""
        for at in self.free:
            if all(near in self.free for near in range(at - room, at + room + 1)):
                self.free = [one for one in self.free if abs(one - at) > room]
                return at
        raise LookupError("no clause left")

    def do(self, **step: Any) -> None:
        self.plan.steps.append(step)

    def expect(self, kind: str, clause: str, by: tuple[str, ...], lines: list[str]) -> None:
        self.plan.rows.append((kind, clause, by, not by, "\n".join(lines)))

    def ends(self, at: int) -> tuple[str, str]:
        one = self.base[at]
        return f"{one.code} ·", words(one)[-1][-12:]

    def edit(self, author: str) -> None:
        """Two places of a clause, and its title where it has one."""
        one = self.base[self.take()]
        lines = words(one)
        self.mode(author)
        for line in sorted({0, len(lines) - 1}):
            old = lines[line].split()[-1]
            new = f"changé {self.rng.randint(100, 999)}."
            self.do(do="replace", old=old, new=new)
            lines[line] = lines[line].replace(old, new)
        self.expect("edit", one.code, (author,) if author else (), lines)

    def two(self) -> None:
        """Two authors in one clause, in different words."""
        one = self.base[self.take()]
        lines, last = words(one), len(words(one)) - 1
        for author, line, place in ((AUTHORS[0], last, -1), (AUTHORS[1], last, 0)):
            mine = list(lines)
            self.mode(author)
            old = lines[line].split()[-1]
            if place == -1:
                self.do(do="replace", old=old, new="délai de trente jours.")
                mine[line] = mine[line].replace(old, "délai de trente jours.")
            else:
                first = " ".join(lines[line].split()[:5])
                self.do(do="after", words=first, put=" (précision)")
                mine[line] = mine[line].replace(first, f"{first} (précision)")
            self.expect("edit", one.code, (author,), mine)

    def both(self) -> None:
        """A silent change and, in other words, a recorded one."""
        one = self.base[self.take()]
        lines, last = words(one), len(words(one)) - 1
        first, old = " ".join(lines[last].split()[:5]), lines[last].split()[-1]
        self.mode("")
        self.do(do="after", words=first, put=" sans trace")
        self.mode(AUTHORS[0])
        self.do(do="replace", old=old, new="avec trace.")
        self.expect("edit", one.code, (), [*lines[:-1], lines[last].replace(first, f"{first} sans trace")])
        self.expect("edit", one.code, (AUTHORS[0],), [*lines[:-1], lines[last].replace(old, "avec trace.")])

    def new(self, author: str) -> None:
        at = self.take()
        code, end = self.base[at].code, self.ends(at)[1]
        self.mode(author)
        line = f"Une clause nouvelle {self.rng.randint(1000, 9999)} est proposée ici."
        if words(self.base[at])[-1] and self.listed(at):
            self.do(do="paragraph", after=end, lines=[line])
            self.expect("edit", code, (author,) if author else (), [*words(self.base[at]), line])
        else:
            self.do(do="paragraph", after=end, lines=[line, f"{line} Encore."])
            self.expect("new", code, (author,) if author else (), [line, f"{line} Encore."])

    def listed(self, at: int) -> bool:
        return clause_blocks(self.base[at])[-1].kind in {"bullet", "number"}

    def delete(self, author: str) -> None:
        at = self.take()
        first, last = self.ends(at)
        self.mode(author)
        self.do(do="delete", first=first, last=last)
        self.expect("deleted", self.base[at].code, (author,) if author else (), [])

    def move(self, author: str) -> None:
        at, to = self.take(2), self.take(2)
        first, last = self.ends(at)
        self.mode(author)
        self.do(do="move", first=first, last=last, after=self.ends(to)[1])
        self.plan.rows.append(("moved", self.base[at].code, (author,) if author else (), not author,
                               self.base[to].code))  # fmt: skip

    def comment(self, author: str) -> None:
        one = self.base[self.take()]
        says = f"Pourquoi {self.rng.randint(1000, 9999)} ?"
        self.do(do="comment", on=words(one)[-1][-30:], author=author, says=says)
        self.expect("comment", one.code, (author,), [says])

    def mode(self, author: str) -> None:
        self.do(do="record", on=bool(author))
        if author:
            self.do(do="by", author=author)

    def reply(self) -> Plan:
        for author in (*AUTHORS, ""):
            for _ in range(3):
                self.edit(author)
            for _ in range(2):
                self.new(author)
            self.delete(author)
            self.move(author)
        for author in AUTHORS:
            for _ in range(2):
                self.comment(author)
        self.two()
        self.both()
        return self.plan


def row(item: Item) -> Row:
    """What the landing says, in the words of the plan."""
    lines = [item.after] if item.kind == "moved" else [one for one in [item.title] if one]
    if item.kind in {"edit", "new"}:
        lines += [one.plain for one in clause_blocks(WordClause("x", 1, item.text))]
    elif item.kind == "comment":
        lines = [item.text]
    return item.kind, item.clause or item.after, item.authors, item.silent, "\n".join(lines)


def through(folder: Path, sent: bytes, plans: list[Plan]) -> list[bytes]:
    """Edited and saved by LibreOffice; a third once more, a third by way of OpenDocument."""
    files = office.edited(folder / "edits", [office.Job(sent, plan.steps) for plan in plans])
    for at, data in enumerate(files):
        if at % 3 == 1:
            files[at] = office.saved(folder / f"again{at}", data, "docx")
        elif at % 3 == 2:
            files[at] = office.saved(folder / f"odt{at}", data, "odt", "docx")
    return files


def main() -> int:
    told = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    told.add_argument("--clauses", type=int, default=200)
    told.add_argument("--replies", type=int, default=10)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--keep", type=Path)
    asked = told.parse_args()
    if office.interpreter() is None:
        print("LibreOffice with its Python is not installed.")
        return 1
    rng = random.Random(asked.seed)
    base = clauses(rng, asked.clauses)
    sent = document(base, WHICH, COVER)
    plans = [Planner(rng, base).reply() for _ in range(asked.replies)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        files = through(asked.keep or Path(folder), sent, plans)
        print(f"{asked.clauses} clauses, {len(sent):,} bytes; {asked.replies} replies by LibreOffice in "
              f"{time.perf_counter() - started:.0f} s; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print("reply  way        planned  landed  lost  misattributed  to confirm  ms")
    lost = wrong = 0
    for at, (data, plan) in enumerate(zip(files, plans, strict=True)):
        started = time.perf_counter()
        landing = land(base, passages(data), front(COVER))
        took = (time.perf_counter() - started) * 1000
        planned, landed = Counter(plan.rows), Counter(map(row, landing.items))
        way = ("docx", "docx twice", "odt, docx")[at % 3]
        print(f"{at + 1:>5}  {way:<10} {planned.total():>7} {landed.total():>7} {(planned - landed).total():>5} "
              f"{(landed - planned).total():>14} {len(landing.tray):>11} {took:>4.0f}")  # fmt: skip
        for one in (planned - landed).elements():
            print("       lost:         ", one)
        for one in (landed - planned).elements():
            print("       misattributed:", one)
        lost += (planned - landed).total()
        wrong += (landed - planned).total()
    print(f"planned {sum(len(plan.rows) for plan in plans)}, lost {lost}, misattributed {wrong}")
    return 1 if lost or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
