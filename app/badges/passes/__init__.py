"""Zone passes: a zone opened to one person beyond the category, as far as its quotas go."""
