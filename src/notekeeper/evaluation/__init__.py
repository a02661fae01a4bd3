"""Evaluation: how near the drafts of a model, or of a simple rule, come to what an annotator found in them.

What always holds: everything that is scored goes through the same scorer, whoever drafted it; nothing of a note is in
any figure or error; no file is written. A figure's meaning stands in its docstring and in docs/evaluation.md.
"""
