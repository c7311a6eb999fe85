"""Drills: a scenario is played with the real services, in a home of its own, on a clock of its own."""
