"""What a person can do, one module for each activity; screens and command line call these and nothing below them."""
