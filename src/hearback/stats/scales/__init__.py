"""Scales: several items that together measure one thing, and whether they do."""
