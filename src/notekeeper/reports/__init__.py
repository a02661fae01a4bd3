"""The theme report: built from signed reviews and signed patterns, written as HTML, Markdown, PDF and sealed JSON, read
back and shown as text.

What always holds: nothing reaches a reader but the typed fields of `ReportDocument`, and each field is inert there.
"""
