"""Plenary runs high-level conferences, from the invitation to the sentence given to the press."""
