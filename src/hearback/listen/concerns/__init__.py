"""Concerns: what residents say, sealed to the readers they chose, and what they hear back."""
