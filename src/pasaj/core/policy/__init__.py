"""A policy as plain values: what its statements say, what they cost, and which rules they break."""
