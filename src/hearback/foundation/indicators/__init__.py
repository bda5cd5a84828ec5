"""Indicators: reviewed definitions, and each area's value with its margin of error."""
