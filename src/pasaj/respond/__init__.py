"""From a verified signal to tasks done: alerts, plans, activations, the duty room, sitreps, drills."""
