"""Forms as phones know them: what they ask, and whether they may ask it. Pure: bytes and rows in, values out."""
