"""Access requests and plain export: what is held comes out whole, and what is marked does not come out at all."""
