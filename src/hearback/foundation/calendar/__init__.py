"""The agency's working days, on which the clock of every promise runs."""
