"""Estimates from designed samples, each with its standard error, interval, degrees of freedom and design effect."""
