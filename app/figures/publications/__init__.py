"""Publications: figures as they were given out, kept for good, and compared.

Promise: what was published is never changed. Each figure keeps its definition, and is explained
against today's, another publication or a press report in a sentence.
"""
