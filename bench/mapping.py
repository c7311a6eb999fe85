"""The network measures against R sna, and what they cost as institutions are added.

    python bench/mapping.py [--graphs 200] [--most 500] [--golden FILE]

R: Debian's r-cran-sna. Without it the comparison is left out, with the reason. `--golden` writes a few graphs
with R's answers, which the tests then hold ours against where there is no R. Times are CPU time of one process.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pasaj.core.mapping.exchange import Need, Statement, ties
from pasaj.core.mapping.graph import Graph, build
from pasaj.core.mapping.network import measure
from pasaj.core.mapping.profile import Situation, profile
from pasaj.core.mapping.routes import routes
from pasaj.core.mapping.silences import silences
from pasaj.core.mapping.whatif import best, candidates

SEED = 20260301
TOLERANCE = 1e-9

R_SCRIPT = """
suppressMessages({library(sna); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
graphs <- fromJSON(args[1], simplifyVector = FALSE)
one <- function(graph) {
    n <- graph$size
    g <- matrix(0, n, n)
    h <- matrix(0, n, n)
    for (arc in graph$arcs) {
        g[arc[[1]] + 1, arc[[2]] + 1] <- 1
        h[arc[[1]] + 1, arc[[2]] + 1] <- arc[[3]]
    }
    list(
        density = gden(g),
        edgewise = grecip(g, measure = "edgewise"),
        dyadic = grecip(g, measure = "dyadic"),
        nonnull = grecip(g, measure = "dyadic.nonnull"),
        indegree = I(degree(g, cmode = "indegree")),
        outdegree = I(degree(g, cmode = "outdegree")),
        in_centralisation = centralization(g, degree, cmode = "indegree"),
        out_centralisation = centralization(g, degree, cmode = "outdegree"),
        betweenness_centralisation = centralization(g, betweenness),
        betweenness = I(betweenness(g)),
        weak = if (length(graph$arcs) > 1) I(cutpoints(g, connected = "weak", return.indicator = TRUE) + 0) else NA,
        strong = if (length(graph$arcs) > 1) I(cutpoints(g, connected = "strong", return.indicator = TRUE) + 0) else NA,
        weak_groups = components(g, connected = "weak"),
        strong_groups = components(g, connected = "strong"),
        separation = 1 - connectedness(g),
        hours = I(geodist(h, inf.replace = -1, ignore.eval = FALSE)$gdist[, 1])
    )
}
write_json(lapply(graphs, one), args[2], digits = NA, auto_unbox = TRUE, na = "null")
"""


def drawn(count: int) -> list[dict[str, Any]]:
    """Graphs of 3 to 40 institutions from nearly empty to dense, hours on their arcs."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(count):
        size = int(rng.integers(3, 41))
        chance = float(10 ** rng.uniform(-1.7, -0.1))
        links = np.argwhere((rng.random((size, size)) < chance) & ~np.eye(size, dtype=bool))
        arcs = [[int(one), int(other), round(float(rng.uniform(0.5, 72)), 2)] for one, other in links]
        found.append({"size": size, "arcs": arcs})
    return found


def graph_of(one: dict[str, Any]) -> Graph:
    names = [f"I{at:03}" for at in range(one["size"])]
    return build(names, [(names[a], names[b]) for a, b, *_ in one["arcs"]])


def ours(one: dict[str, Any]) -> dict[str, Any]:
    """The same measures as R_SCRIPT, under the same names; None where R says NaN."""
    graph = graph_of(one)
    found, quiet = measure(graph), silences(graph)
    hours = {(graph.nodes[a], graph.nodes[b]): spent for a, b, spent in one["arcs"]}
    ways = routes(graph.nodes, hours, graph.nodes, graph.nodes[0])
    stops = len(one["arcs"]) < 2  # cutpoints of sna 2.7-1 stops with an error on these
    return {
        "density": found.density.value,
        "edgewise": found.reciprocity.value,
        "dyadic": found.dyadic,
        "nonnull": found.dyadic_nonnull,
        "indegree": found.indegree,
        "outdegree": found.outdegree,
        "in_centralisation": found.in_centralisation.value,
        "out_centralisation": found.out_centralisation.value,
        "betweenness_centralisation": found.betweenness_centralisation.value,
        "betweenness": found.betweenness,
        "weak": None if stops else [int(bool(silence.cut)) for silence in quiet],
        "strong": None if stops else [int(silence.divides) for silence in quiet],
        "weak_groups": len(found.weak),
        "strong_groups": len(found.strong),
        "separation": found.separation.value,
        "hours": [-1 if way.hours is None else way.hours for way in ways],
    }


def apart(one: Any, other: Any) -> float:
    """The largest relative difference; infinite where only one of two is a number."""
    if isinstance(one, list | tuple):
        return max((apart(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if one is None or other in (None, "NaN"):
        return 0.0 if one is None and other in (None, "NaN") else float("inf")
    return abs(one - other) / max(1.0, abs(other))


def asked(rscript: str, graphs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        given, script, answers = Path(folder, "graphs.json"), Path(folder, "sna.R"), Path(folder, "answers.json")
        given.write_text(json.dumps(graphs), encoding="utf-8")
        script.write_text(R_SCRIPT, encoding="utf-8")
        subprocess.run([rscript, "--vanilla", str(script), str(given), str(answers)], check=True)
        found: list[dict[str, Any]] = json.loads(answers.read_text(encoding="utf-8"))
    return found


def against_r(rscript: str, count: int, golden: str) -> bool:
    """Whether every measure of every graph equals R's."""
    graphs = drawn(count)
    theirs = asked(rscript, graphs)
    mine = [ours(one) for one in graphs]
    print(f"\nBeside R sna: {count} random graphs of 3 to 40 institutions")
    print(f"{'measure':>28} {'largest difference':>20}")
    fine = True
    for name in mine[0]:
        worst = max(apart(one[name], other[name]) for one, other in zip(mine, theirs, strict=True))
        fine = fine and worst <= TOLERANCE
        print(f"{name:>28} {worst:>20.2e}")
    print("All equal to 1e-9." if fine else "NOT EQUAL")
    if golden:
        small = [graph["size"] < 16 and len(graph["arcs"]) > 1 for graph in graphs]
        kept = [{**graphs[at], "sna": theirs[at]} for at in range(count) if small[at]]
        Path(golden).write_text(json.dumps(kept[:12], separators=(",", ":")) + "\n", encoding="utf-8")
    return fine


def spent(run: Any) -> tuple[float, Any]:
    begun = time.process_time()
    result = run()
    return time.process_time() - begun, result


def networks(most: int) -> None:
    """Seconds by size, for networks of three sorts."""
    print("\nNetwork measures, CPU seconds")
    print(
        f"{'institutions':>13} {'links':>8} {'network':>9} {'silences':>9} {'routes':>9} {'together':>9} {'µs/n²':>8}"
    )
    for links in ("ten each", "a tenth", "a half", "a chain"):
        for size in (size for size in (32, 64, 128, 256, 500, 1000) if size <= most):
            names, hours = linked(size, links)
            graph = build(names, hours)
            parts = [
                spent(lambda graph=graph: measure(graph))[0],
                spent(lambda graph=graph: silences(graph, graph.nodes[0]))[0],
                spent(lambda graph=graph, hours=hours: routes(graph.nodes, hours, graph.nodes, graph.nodes[0]))[0],
            ]
            cells = "".join(f" {one:>9.3f}" for one in (*parts, sum(parts)))
            print(f"{links:>9} {size:>13} {len(hours):>8}{cells} {1e6 * sum(parts) / size**2:>8.2f}", flush=True)


def linked(size: int, links: str) -> tuple[list[str], dict[tuple[str, str], float]]:
    """Institutions and the hours of their links. A chain has the longest ways there can be."""
    rng = np.random.default_rng(SEED)
    names = [f"I{at:03}" for at in range(size)]
    if links == "a chain":
        return names, {arc: 1.0 for one, two in pairwise(names) for arc in ((one, two), (two, one))}
    chance = min(1.0, 10 / size) if links == "ten each" else {"a tenth": 0.1, "a half": 0.5}[links]
    found = np.argwhere((rng.random((size, size)) < chance) & ~np.eye(size, dtype=bool)).tolist()
    return names, {(names[a], names[b]): float(rng.uniform(1, 48)) for a, b in found}


def situation(size: int, wanted: int) -> Situation:
    """Institutions whose needs are met for two thirds; five see things, the first decides."""
    rng = np.random.default_rng(SEED)
    names = [f"I{at:03}" for at in range(size)]
    pairs = [(int(a), int(b)) for a, b in np.argwhere(~np.eye(size, dtype=bool))]
    chosen = [pairs[at] for at in rng.choice(len(pairs), wanted, replace=False).tolist()]
    needs = [Need("news", names[a], names[b], 24.0) for a, b in chosen]
    said = []
    for need in needs:
        exists, formal = bool(rng.random() < 0.65), bool(rng.random() < 0.5)
        for by in ("sender", "receiver"):
            agrees = exists and bool(rng.random() < 0.9)
            said.append(Statement("news", need.sender, need.receiver, by, agrees, formal=formal, hours=12.0))
    return Situation(names, ties(said, names), needs, names[-5:], names[0])


def changes() -> None:
    """The best three changes, by number of institutions and of candidates."""
    print("\nWhat-if: three changes, CPU seconds (1,000 random weights where all choices are tried)")
    print(f"{'institutions':>13} {'candidates':>11} {'choices':>9} {'all tried':>10} {'seconds':>9} {'profile':>9}")
    for size, wanted in ((12, 40), (32, 60), (32, 130), (64, 120), (100, 300), (500, 300)):
        here = situation(size, wanted)
        seconds, plan = spent(lambda here=here: best(here, 3, rng=np.random.default_rng(SEED)))
        once, _ = spent(lambda here=here: profile(here))
        exact = "yes" if plan.exact else "no"
        print(f"{size:>13} {len(candidates(here)):>11} {plan.tried:>9} {exact:>10} {seconds:>9.2f} {once:>9.3f}")


def r_with_sna() -> str:
    """The path of an Rscript that has the packages, or ""."""
    rscript = shutil.which("Rscript")
    if not rscript:
        return ""
    asks = "quit(status = !(requireNamespace('sna', quietly = TRUE) && requireNamespace('jsonlite', quietly = TRUE)))"
    done = subprocess.run([rscript, "--vanilla", "-e", asks], capture_output=True, check=False)
    return rscript if done.returncode == 0 else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", type=int, default=200, help="random graphs to compare (default %(default)s)")
    parser.add_argument("--most", type=int, default=500, help="largest number of institutions (default %(default)s)")
    parser.add_argument("--golden", default="", help="write graphs with R's answers to this file")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores, load {load:.1f}")
    rscript, fine = r_with_sna(), True
    if rscript:
        fine = against_r(rscript, chosen.graphs, chosen.golden)
    else:
        print("\nR with the packages sna and jsonlite is not installed: not compared. (r-cran-sna, r-cran-jsonlite)")
    networks(chosen.most)
    changes()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
