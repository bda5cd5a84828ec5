"""People who sign in: staff, partners, oversight. Residents never need to."""
