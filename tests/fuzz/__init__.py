"""What strangers can hand to the program, by the million: the four targets of `make fuzz` and their short forms."""
