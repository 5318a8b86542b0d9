"""Editions of a series side by side, with figures typed in for those that were not run here."""
