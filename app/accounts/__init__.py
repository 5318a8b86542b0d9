"""Who acts: users, grants, sign-ins, tokens, and the audit trail that names them.

Promises: secrets are stored hashed; an ended session, a revoked token and a changed password stop
working at once; every entry of the audit trail is chained to the one before it.
"""
