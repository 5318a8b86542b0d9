"""Badges: serials, signed codes, and the paper they are printed on.

Promises: a participant has one active serial at most; a code that was not signed here is never
admitted; revoking stops a badge at once.
"""
