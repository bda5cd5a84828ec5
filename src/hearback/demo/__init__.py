"""The demonstration city, invented, with known truth."""
