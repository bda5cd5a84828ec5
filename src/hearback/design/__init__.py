"""Base templates, components, icons and style sheet."""
