"""Seats: who of a delegation sits in a session; a session's quotas give them out."""
