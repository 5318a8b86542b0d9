"""Series and their editions: what a conference is, and its policies as data.

Promise: a slug never changes; every table above carries `conference_id`, first in its unique keys.
"""
