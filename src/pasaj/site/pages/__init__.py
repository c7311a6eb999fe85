"""Pages that join several parts: the morning, crossings, search; and the reader's choices of language and colours."""
