"""Forms of the workspace about estimates."""
