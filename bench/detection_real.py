"""What Pasaj finds in real border counts with labelled shocks, beside two peers, and how often it rings besides.

    python bench/detection_real.py [--data ../shared/data]

Daily passengers at the control points of Hong Kong, monthly persons at the ports of the United States,
monthly returns from the Dominican Republic, and known_events.csv. "Pasaj" is the chooser at its default settings,
asked period by period with what was known at its end; "among many" holds back what may be chance among the series
of a period, as a run does. The peers are EARS C2 and Farrington at default settings. A shock is found by a signal in
its direction from its start to one period after its end, on the series it names or on its total. Shocks
that begin before the data, or before a method answers, are said to be so. Alerts outside all shocks of a
data set are counted over the series-years the method answers; nobody knows which of them are true.
"""

import argparse
import csv
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pasaj.core import attained, falsealerts
from pasaj.core.detect import run
from pasaj.core.judging import Settings, judge

MONTHLY = {"freq": 12, "w": 1, "no_periods": 4, "past_weeks_not_included": 6}
"""Settings of Farrington for months: its defaults are for weeks."""
FALSE_DISCOVERIES = 0.1
TOGETHER = ("hk_daily", "us_bts")


@dataclass(frozen=True)
class Data:
    """Series by name (the totals among them), one time for each column, and periods in a year."""

    name: str
    times: Any
    series: dict[str, Any]
    totals: dict[str, str]  # where an event names it: the series to look at
    year: float


@dataclass(frozen=True)
class Shock:
    unit: str
    first: Any
    last: Any
    down: bool


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(counts: dict[str, dict[Any, float]], times: Any) -> dict[str, Any]:
    return {name: np.array([own.get(one, np.nan) for one in times.tolist()]) for name, own in counts.items()}


def hong_kong(folder: Path) -> Data:
    counts: dict[str, dict[Any, float]] = defaultdict(dict)
    for row in rows(folder / "hk_daily_passenger_traffic_2021_2026.csv"):
        day = np.datetime64(row["date"]).item()
        persons = sum(float(row[key]) for key in row if key.startswith(("arr_", "dep_")))
        counts[row["control_point"]][day] = persons
        counts["all"][day] = counts["all"].get(day, 0) + persons
    times = np.array(sorted(counts["all"]), dtype="datetime64[D]")
    return Data("hk_daily", times, table(counts, times), {"all": "all"}, 365.25)


def united_states(folder: Path) -> Data:
    counts: dict[str, dict[Any, float]] = defaultdict(dict)
    for border, name in (
        ("US-Mexico", "us_bts_border_crossing_us_mexico_monthly_1996_2025.csv"),
        ("US-Canada", "us_bts_border_crossing_us_canada_persons_monthly_1996_2025.csv"),
    ):
        for row in rows(folder / name):
            month = np.datetime64(f"{row['month']}-01").item()
            keys = ("pedestrians", "pv_passengers", "bus_passengers", "train_passengers")
            persons = sum(float(row[key] or 0) for key in keys)
            counts[f"{border} {row['port_code']}"][month] = persons
            counts[border][month] = counts[border].get(month, 0) + persons
    months = sorted(counts["US-Canada"])
    times = np.arange(np.datetime64(months[0], "M"), np.datetime64(months[-1], "M") + 1).astype("datetime64[D]")
    return Data("us_bts", times, table(counts, times), {one: one for one in ("US-Mexico", "US-Canada")}, 12)


def dominican(folder: Path) -> Data:
    months = {
        row["month"]: float(row["persons"]) for row in rows(folder / "dr_dgm_returns_to_haiti_monthly_2022_2025.csv")
    }
    times = np.arange(np.datetime64(min(months)), np.datetime64(max(months)) + 1)
    series = np.array([months.get(str(month), np.nan) for month in times])
    return Data("dr_dgm", times.astype("datetime64[D]"), {"all": series}, {"all": "all"}, 12)


def shocks(folder: Path, data: Data) -> list[Shock]:
    found = []
    for row in rows(folder / "known_events.csv"):
        if row["dataset"] != data.name:
            continue
        first = np.datetime64(row["start"]).astype("datetime64[D]")
        last = np.datetime64(row["end"] or row["start"]).astype("datetime64[D]")
        figures = re.sub(r"\([^)]*\)|\d{4}-\d\d(-\d\d)?", "", row["evidence_in_data"])  # without dates
        before, after = (int(part.replace(",", "")) for part in re.findall(r"\d[\d,]*", figures)[:2])
        found += [Shock(unit, first, last, after < before) for unit in row["unit"].split(" and ")]
    return found


def weekly(data: Data) -> Data:
    """Sums of seven days, from the first Monday; a week with a missing day is missing."""
    first = int((4 - data.times[0].astype("datetime64[D]").astype(int)) % 7)  # day 4 of 1970 was a Monday
    weeks = (len(data.times) - first) // 7
    cut = slice(first, first + 7 * weeks)
    series = {name: counts[cut].reshape(weeks, 7).sum(axis=1) for name, counts in data.series.items()}
    return Data(data.name, data.times[cut][::7], series, data.totals, 52.18)


@dataclass(frozen=True)
class Rang:
    """What a method did: `alarm` by direction (True: falls) and `answered`, both (n_series, n_time)."""

    alarm: dict[bool, Any]
    answered: Any


def asked(data: Data, method: str, controls: dict[str, Any]) -> Rang:
    """One method for all series, each direction by itself."""
    counts = np.array(list(data.series.values()))
    found = {
        down: run(method, counts, data.times, slice(0, None), direction="down" if down else "up", **controls)
        for down in (False, True)
    }
    answered = np.isin(found[False].reason.astype(str), ("", "DETECT-111"))
    return Rang({down: one.alarm for down, one in found.items()}, answered)


def pasaj(data: Data) -> tuple[Rang, Rang]:
    """The chooser's answers, every period by what was known at its end; alone, and among many."""
    counts = np.array(list(data.series.values()))
    cadence = "month" if data.year == 12 else "day"
    settings = [Settings()] * len(counts)
    alarm, answered, down, kept = (np.zeros(counts.shape, dtype=bool) for _ in range(4))
    for at in range(len(data.times)):
        known = slice(0, at + 1)
        one = judge(counts[:, known], data.times[known], slice(at, at + 1), cadence=cadence, settings=settings)
        alarm[:, at], answered[:, at] = one.alarm[:, 0], one.method[:, 0] != ""
        down[:, at] = counts[:, at] < one.expected[:, 0]
        could = attained.support([attained.kept(one.law, row, 0) for row in range(len(counts))])
        weighed = falsealerts.control(one.p_value[:, 0], FALSE_DISCOVERIES, method="heyse", support=could)
        kept[:, at] = weighed.rejected
    alone, many = ({False: rings & ~down, True: rings & down} for rings in (alarm, alarm & kept))
    return Rang(alone, answered), Rang(many, answered)


@dataclass(frozen=True)
class Tally:
    """Shocks found of those that begin inside the data; alarms outside shocks and series-years, totals and points."""

    found: int
    shocks: int
    rings: tuple[int, int]
    years: tuple[float, float]


def tell(data: Data, events: list[Shock], label: str, rang: Rang) -> Tally:
    """Print what a method found in a data set, shock by shock, and how often it rang besides."""
    names, periods = list(data.series), np.arange(len(data.times))
    outside = np.ones(len(data.times), dtype=bool)
    told, found, inside = [], 0, 0
    for shock in events:
        # The period that holds the first day, to the one after that of the last day.
        first, last = np.searchsorted(data.times, [shock.first, shock.last], side="right") - 1
        near = (periods >= first) & (periods <= last + 1)
        outside &= ~near
        if first < 0:
            delay = "before the data"
        else:
            at = names.index(data.totals.get(shock.unit, shock.unit))
            hits = np.flatnonzero(rang.alarm[shock.down][at] & near)
            missed = "missed" if rang.answered[at, near].any() else "no answer"
            delay = f"period {hits[0] - first + 1}" if len(hits) else missed
            inside, found = inside + 1, found + bool(len(hits))
        told.append(f"{shock.unit} {shock.first} {'fall' if shock.down else 'rise'}: {delay}")
    totals = np.isin(names, list(data.totals.values()))
    parts = (totals, ~totals)
    years = tuple(float((rang.answered[part] & outside).sum() / data.year) for part in parts)
    rings = tuple(int(((rang.alarm[False] | rang.alarm[True])[part] & outside).sum()) for part in parts)
    rates = [f"{ring / year:.2f} ({year:.0f})" if year else "-" for ring, year in zip(rings, years, strict=True)]
    print(f"\n{data.name}, {label}: alerts a series-year outside shocks, totals {rates[0]}, points {rates[1]}")
    for line in told:
        print(f"    {line}")
    return Tally(found, inside, (rings[0], rings[1]), (years[0], years[1]))


def compared(data: Data) -> dict[str, tuple[Data, Rang]]:
    """What Pasaj and its peers did, by label; Farrington judges the days of Hong Kong as weeks, which it is for."""
    alone, many = pasaj(data)
    months = data.year == 12
    summed = data if months else weekly(data)
    less = {**MONTHLY, "b": 3} if months else {"b": 2}
    return {
        "Pasaj": (data, alone),
        "Pasaj, among many": (data, many),
        "EARS C2": (data, asked(data, "ears_c2", {})),
        "Farrington": (summed, asked(summed, "farrington", dict(MONTHLY) if months else {})),
        "Farrington, less history": (summed, asked(summed, "farrington", less)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder (default %(default)s)")
    folder = parser.parse_args().data
    if not (folder / "known_events.csv").exists():
        print(f"Skipped: the published counts are not part of the project, and there are none at {folder}.")
        return 0
    tallies: dict[str, list[Tally]] = defaultdict(list)
    for data in (hong_kong(folder), united_states(folder), dominican(folder)):
        events, begun = shocks(folder, data), time.process_time()
        for label, (own, rang) in compared(data).items():
            tally = tell(own, events, label, rang)
            if data.name in TOGETHER:
                tallies[label].append(tally)
        print(f"{data.name}: {time.process_time() - begun:.0f} s CPU")
    print(f"\n{' and '.join(TOGETHER)} together: shocks found, alerts a series-year outside them (series-years)")
    for label, parts in tallies.items():
        years = sum(sum(part.years) for part in parts)
        rate = sum(sum(part.rings) for part in parts) / years
        found, inside = sum(part.found for part in parts), sum(part.shocks for part in parts)
        print(f"{label:>26} {found} of {inside}, {rate:.2f} ({years:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
