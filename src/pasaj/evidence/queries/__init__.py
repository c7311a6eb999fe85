"""Questions about the chain of evidence: what is what worth, and why."""
