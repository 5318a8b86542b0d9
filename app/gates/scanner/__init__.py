"""The scanner page: paired once by a code, works without a network, keeps no names.

Promises: a pairing code works once, for fifteen minutes; what a device is given to decide by holds
hashes of serials, never a name or a photo; a photo goes out only to the device that has just
scanned its holder; what a device decided alone it tells later, and loses nothing.
"""
