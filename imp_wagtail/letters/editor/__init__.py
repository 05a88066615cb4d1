"""What editors of letter templates work with: the form, merge fields, the preview."""
