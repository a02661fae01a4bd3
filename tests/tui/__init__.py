"""The terminal app, driven by keys and mouse on real vaults, in a headless and in a real terminal."""
