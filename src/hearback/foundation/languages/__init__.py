"""The languages Hearback speaks."""
