"""Detectors on real border counts with labelled shocks: what they find, and how often they ring besides.

    python bench/detection_real.py [--data ../shared/data]

Daily passengers at the control points of Hong Kong, monthly persons at the ports of the United States,
monthly returns from the Dominican Republic, and known_events.csv. A shock is found by a signal in its
direction from its start to one period after its end, on the series it names or on its total. Shocks
that begin before the data, or before a method answers, are said to be so. Alerts outside all shocks of a
data set are counted over the series-years the method answers; nobody knows which of them are true.
"""

import argparse
import csv
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pasaj.core.detect import run

MONTHLY = {"freq": 12, "w": 1, "no_periods": 4, "past_weeks_not_included": 6}


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


def candidates(data: Data) -> dict[str, tuple[str, dict[str, Any]]]:
    """Settings by label; those of months are given because the defaults are for weeks."""
    methods: dict[str, tuple[str, dict[str, Any]]] = {"EARS C2": ("ears_c2", {})}
    if data.year == 12:
        methods["Farrington, months"] = ("farrington", dict(MONTHLY))
        methods["Farrington, months, b 3"] = ("farrington", {**MONTHLY, "b": 3})
    else:
        methods["daily"] = ("daily", {})
    return methods


def weekly(data: Data) -> Data:
    """Sums of seven days, from the first Monday; a week with a missing day is missing."""
    first = int((4 - data.times[0].astype("datetime64[D]").astype(int)) % 7)  # day 4 of 1970 was a Monday
    weeks = (len(data.times) - first) // 7
    cut = slice(first, first + 7 * weeks)
    series = {name: counts[cut].reshape(weeks, 7).sum(axis=1) for name, counts in data.series.items()}
    return Data(data.name, data.times[cut][::7], series, data.totals, 52.18)


def totals_of(data: Data) -> Data:
    """The totals alone: for a method that takes seconds a series when all its days are judged."""
    return replace(data, series={name: data.series[name] for name in data.totals.values()})


def alarms(data: Data, method: str, controls: dict[str, Any]) -> tuple[dict[bool, Any], Any]:
    """By direction (True: falls), and where there is an answer: (n_series, n_time)."""
    counts = np.array(list(data.series.values()))
    found = {
        down: run(method, counts, data.times, slice(0, None), direction="down" if down else "up", **controls)
        for down in (False, True)
    }
    answered = np.isin(found[False].reason.astype(str), ("", "DETECT-111"))
    return {down: one.alarm for down, one in found.items()}, answered


def judge(data: Data, events: list[Shock], label: str, method: str, controls: dict[str, Any]) -> None:
    begun = time.process_time()
    alarm, answered = alarms(data, method, controls)
    names, periods = list(data.series), np.arange(len(data.times))
    outside = np.ones(len(data.times), dtype=bool)
    told = []
    for shock in events:
        # The period that holds the first day, to the one after that of the last day.
        first, last = np.searchsorted(data.times, [shock.first, shock.last], side="right") - 1
        near = (periods >= first) & (periods <= last + 1)
        outside &= ~near
        begins = first >= 0
        if begins:
            at = names.index(data.totals.get(shock.unit, shock.unit))
        if begins and answered[at, near].any():
            hits = np.flatnonzero(alarm[shock.down][at] & near)
            delay = f"period {hits[0] - first + 1}" if len(hits) else "missed"
        else:
            delay = "no answer" if begins else "before the data"
        told.append(f"{shock.unit} {shock.first} {'fall' if shock.down else 'rise'}: {delay}")
    totals = np.isin(names, list(data.totals.values()))
    rates = []
    for part in (totals, ~totals):
        years = (answered[part] & outside).sum() / data.year
        rings = ((alarm[False] | alarm[True])[part] & outside).sum()
        rates.append(f"{rings / years:.1f} ({years:.0f})" if years else "-")
    print(
        f"\n{data.name}, {label}: alerts a series-year outside shocks, totals {rates[0]}, points {rates[1]}; ", end=""
    )
    print(f"{time.process_time() - begun:.1f} s CPU")
    for line in told:
        print(f"    {line}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder (default %(default)s)")
    folder = parser.parse_args().data
    if not (folder / "known_events.csv").exists():
        print(f"No data at {folder}.")
        return 1
    for data in (hong_kong(folder), united_states(folder), dominican(folder)):
        events = shocks(folder, data)
        for label, (method, controls) in candidates(data).items():
            judge(totals_of(data) if method == "daily" else data, events, label, method, controls)
        if data.year > 53:
            judge(weekly(data), events, "Farrington, weeks", "farrington", {})
            judge(weekly(data), events, "Farrington, weeks, b 2", "farrington", {"b": 2})
    return 0


if __name__ == "__main__":
    sys.exit(main())
