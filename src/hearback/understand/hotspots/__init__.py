"""Where incidents cluster more than chance explains, and where we cannot tell."""
