"""Reading who is heard, from what is on record now: channels, quiet areas, the workforce, and answers to surveys."""
