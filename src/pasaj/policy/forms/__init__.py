"""What people say of policies. A file a part."""
