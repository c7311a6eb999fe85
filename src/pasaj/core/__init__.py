"""Numbers and texts, pure: no Django, no I/O, no clock, no randomness of its own.

Rows become plain values before they come here and become rows again after they leave.
numpy is imported only inside functions or in `core.detect`, so that web processes stay light.
"""
