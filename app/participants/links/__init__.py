"""Personal links: an address that lets one person do one thing, without an account.

Promises: its secret of 256 bits is shown once and kept as a hash; it grants one purpose for one
person of one conference until it is revoked, or the person is out; whatever else it is tried on
looks like an address that never was.
"""
