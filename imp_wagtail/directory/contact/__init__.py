"""To write to a teacher without knowing their address, and what keeps that from being misused."""
