"""Theme reports: what is counted, what stays out, and that a reader's machine is asked for nothing."""
