"""Files of figures: the mapping that explains a CSV file, and rows read through it."""

from pasaj.core.importing.mapping import Field, FileMapping, PeriodField, ValueField, parse
from pasaj.core.importing.rows import (
    Cell,
    Lookup,
    MeasureFacts,
    Row,
    columns_of,
    disagreeing,
    missing_columns,
    of_persons,
    row_values,
    unknown_words,
)

__all__ = [
    "Cell",
    "Field",
    "FileMapping",
    "Lookup",
    "MeasureFacts",
    "PeriodField",
    "Row",
    "ValueField",
    "columns_of",
    "disagreeing",
    "missing_columns",
    "of_persons",
    "parse",
    "row_values",
    "unknown_words",
]
