"""What phones and the server say to each other: the OpenRosa protocol, without a network."""
