"""Messages to people on duty: an outbox, a folder per channel, receipts, acknowledgements."""
