"""The web layer: every page is rendered, guarded and parsed in one way, whatever its feature."""
