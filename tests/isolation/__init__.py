"""What a process gives up, tried by processes that gave it up."""
