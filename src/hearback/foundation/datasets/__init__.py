"""The datasets in use: where each came from, under which licence, and what its reader reported."""
