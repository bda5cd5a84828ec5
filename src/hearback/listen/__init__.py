"""Stage one of the loop: residents speak."""
