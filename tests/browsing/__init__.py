"""The supervisor's side: reports opened without a vault, known keys, comments, hours."""
