"""The register of issued letters, for staff."""
