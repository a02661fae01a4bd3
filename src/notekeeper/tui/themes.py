"""Colours beside Textual's own light and dark: one of high contrast."""

from textual.theme import Theme

HIGH_CONTRAST = Theme(
    name="notekeeper-high-contrast",
    primary="#ffffff",
    secondary="#ffff00",
    accent="#00ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#00ff00",
    warning="#ffff00",
    error="#ff8080",
    dark=True,
    variables={"text-disabled": "auto 70%"},  # a field's placeholder; Textual's own 38 % is too faint here
)
