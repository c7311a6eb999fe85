"""Pages of policies. A file a part."""
