"""Questions about policies. A file a part."""
