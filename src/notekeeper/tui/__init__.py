"""The terminal app: screens over the services, and nothing below them."""
