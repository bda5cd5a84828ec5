"""Stage six of the loop: disclosure-checked copies for the public."""
