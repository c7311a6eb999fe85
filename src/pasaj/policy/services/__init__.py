"""What people do with policies. A file a part."""
