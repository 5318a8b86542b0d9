"""Gates, scans and presence.

Promises: a scan is a fact and is kept, refused ones too; the same `(device, nonce)` is one scan and
one answer; nobody is turned away or counted because of another conference's badge; a presence
survives withdrawal, substitution and change of rank.
"""
