"""The theme report: built from signed reviews, written as JSON and HTML, read back and shown as text.

What always holds: nothing reaches a reader but the typed fields of `ThemeReport`, and each field is inert there.
"""
