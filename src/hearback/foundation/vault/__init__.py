"""Keys: every reader's own, opened by a passphrase only they know."""
