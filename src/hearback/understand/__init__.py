"""Stage two of the loop: what was said and what is known, with its uncertainty."""
