"""Variances of estimates from designs: by linearisation and by replicates."""
