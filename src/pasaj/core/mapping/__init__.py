"""Who is mandated to do what, who should tell whom, who really does: the methods of institutional mapping.

mandates: gaps, overlaps, conflicts, orphans and lapsed bases on a day. exchange: ties as both ends report
them. flows: needs minus exchange. network, silences, routes: the shape of what is exchanged. profile: all of
it as components of fragmentation. whatif: which missing links and agreements lower it most.
Every measure is a `Figure` with a sentence of `meanings`. docs/methods/mapping.md defines them all.
"""
