"""How fast the registrar's desk is, measured on invented people; see README.md."""
