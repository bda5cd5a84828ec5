"""Which areas need most, how surely, and which cannot be told apart."""
