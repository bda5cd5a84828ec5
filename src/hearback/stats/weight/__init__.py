"""Weights that make a sample stand for its population: one method per file, each with what it cost."""
