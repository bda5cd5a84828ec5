"""Pages about estimates for those who work with them."""
