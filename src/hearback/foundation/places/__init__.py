"""The city and the areas people live in."""
