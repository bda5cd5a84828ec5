"""One folder per channel that messages leave by or come in by."""
