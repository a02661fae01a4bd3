"""Notes that try to do something, and what the program makes of them on every way that a note can take."""
