"""The evidence store: Parquet datasets with provenance, queried through one small engine."""
