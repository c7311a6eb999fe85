"""The gate for everything that leaves. Nothing else may hand a file, a feed or a public page to a reader."""

from pasaj.share.services.gate import Parcel, Released, Row, counts_in, release

__all__ = ["Parcel", "Released", "Row", "counts_in", "release"]
