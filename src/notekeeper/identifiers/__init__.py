"""What could tell who somebody is: proposed from text, known in every spelling, looked for in what would be exported.

What always holds: everything here is a function of the texts given to it; nothing is read from a vault, nothing kept.
"""
