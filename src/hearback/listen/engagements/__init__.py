"""Engagements: forums, events and pulses at which people can be heard, announced, read by a second person, counted."""
