"""Letters from delegations: notes verbales and letters of nomination, kept as PDF.

Promises: what is no PDF is refused and not stored; each download is in the audit trail.
"""
