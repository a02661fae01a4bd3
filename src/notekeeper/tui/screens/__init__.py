"""The screens, one module each; docs/screens.md shows them."""
