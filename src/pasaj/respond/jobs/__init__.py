"""What falls due in the background, a file a part."""
