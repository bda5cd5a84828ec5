"""One file per source of real data: each reads a path and returns a typed table with a quality report."""
